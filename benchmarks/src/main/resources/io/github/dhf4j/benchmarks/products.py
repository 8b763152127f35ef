  def cast(self: __torch__.Ops, x: Tensor, type: int) -> Tensor:
    return torch.to(x, type)

  def products(self: __torch__.Ops, x: Tensor, times: int) -> Tensor:
    sum = torch.zeros([], dtype=6, device=x.device)
    for i in range(times):
      sum = torch.add(sum, torch.select(torch.select(torch.matmul(x, x), 0, 0), 0, 0))
    return sum
