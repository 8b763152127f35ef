  def all_finite(self: __torch__.Ops, xs: List[Tensor]) -> bool:
    sums = annotate(List[Tensor], [])
    for i in range(torch.len(xs)):
      _ = torch.append(sums, self.total(xs[i]))
    return bool(torch.all(torch.isfinite(torch.stack(sums))))

  def channels_last(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.contiguous(x, memory_format=2)

  def of_bits(self: __torch__.Ops, bits: Tensor, type: int) -> Tensor:
    return torch.to(torch.view_copy(bits, dtype=15), type)

  def total(self: __torch__.Ops, x: Tensor) -> Tensor:
    if torch.eq(x.dtype, 5):
      y = torch.sum(x, dtype=6)
    else:
      y = torch.to(torch.sum(x), 6)
    return y

  def cast(self: __torch__.Ops, x: Tensor, type: int) -> Tensor:
    if torch.eq(x.dtype, type) or torch.eq(type, 6):
      y = torch.to(x, type, False, True)
    else:
      # from half to half types goes fastest through float32, a cache's worth at a time
      y = torch.empty(torch.size(x), dtype=type, layout=None, device=x.device)
      from_ = torch.flatten(x)
      into = torch.flatten(y)
      step = 262144
      for i in range(torch.floordiv(torch.numel(x) + step - 1, step)):
        some = torch.slice(from_, 0, i * step, (i + 1) * step)
        _ = torch.copy_(torch.slice(into, 0, i * step, (i + 1) * step), torch.to(some, 6))
    return y
