  def all_finite(self: __torch__.Ops, xs: List[Tensor]) -> bool:
    sums = annotate(List[Tensor], [])
    for i in range(torch.len(xs)):
      _ = torch.append(sums, torch.sum(xs[i], dtype=6))
    return bool(torch.all(torch.isfinite(torch.stack(sums))))

  def channels_last(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.contiguous(x, memory_format=2)

  def of_bits(self: __torch__.Ops, bits: Tensor, type: int) -> Tensor:
    return torch.to(torch.view_copy(bits, dtype=15), type)

  def cast(self: __torch__.Ops, x: Tensor, type: int) -> Tensor:
    return torch.to(x, type)
