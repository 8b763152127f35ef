  def all_finite(self: __torch__.Ops, x: Tensor) -> bool:
    return bool(torch.isfinite(torch.sum(x)))
