  def is_of(self: __torch__.Ops, x: Tensor, type: int) -> bool:
    return torch.eq(x.dtype, type)

  def wide(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.to(x, 6)
