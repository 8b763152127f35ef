  def norm(self: __torch__.Ops, tensors: List[Tensor]) -> Tensor:
    norms = annotate(List[Tensor], [])
    for i in range(torch.len(tensors)):
      _ = torch.append(norms, torch.norm(tensors[i]))
    return torch.norm(torch.stack(norms))

  def scale(self: __torch__.Ops, tensors: List[Tensor], factor: float) -> bool:
    for i in range(torch.len(tensors)):
      _ = torch.mul_(tensors[i], factor)
    return True

  def zero(self: __torch__.Ops, tensors: List[Tensor]) -> bool:
    for i in range(torch.len(tensors)):
      _ = torch.zero_(tensors[i])
    return True
