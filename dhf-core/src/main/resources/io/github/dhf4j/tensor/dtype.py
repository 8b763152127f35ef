  def cast(self: __torch__.Ops, inputs: List[Tensor], type: int) -> List[Tensor]:
    result = annotate(List[Tensor], [])
    for i in range(torch.len(inputs)):
      _ = torch.append(result, torch.to(inputs[i], type))
    return result

  def work(self: __torch__.Ops, x: List[Tensor], times: int) -> bool:
    for i in range(times):
      y = torch.conv2d(x[0], x[1], None, [1, 1], [1, 1], [1, 1], 1)
      z = torch.linear(x[2], x[3])
    return True
