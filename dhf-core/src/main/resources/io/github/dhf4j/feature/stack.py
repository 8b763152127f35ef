  def row_by_row(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.clone(torch.contiguous(x))
