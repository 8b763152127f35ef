  def cast(self: __torch__.Ops, inputs: List[Tensor], type: int) -> List[Tensor]:
    result = annotate(List[Tensor], [])
    for i in range(torch.len(inputs)):
      _ = torch.append(result, torch.to(inputs[i], type))
    return result

  def work(self: __torch__.Ops, x: List[Tensor], times: int) -> bool:
    # what nothing is made of would not be computed
    sum = torch.zeros([1])
    for i in range(times):
      y = torch.conv2d(x[0], x[1], None, [1, 1], [1, 1], [1, 1], 1)
      z = torch.linear(x[2], x[3])
      sum = torch.add(sum, torch.add(torch.select(torch.flatten(y), 0, i), torch.select(torch.flatten(z), 0, i)))
    return bool(torch.isfinite(sum))
