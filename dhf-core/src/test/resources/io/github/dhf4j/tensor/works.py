  def twice(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.add(x, x)

