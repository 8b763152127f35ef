  def fold(self: __torch__.Ops, w: List[Tensor], eps: float, type: int) -> List[Tensor]:
    folded = annotate(List[Tensor], [])
    for i in range(torch.floordiv(torch.len(w), 5)):
      scale = torch.div(w[5 * i + 1], torch.sqrt(torch.add(w[5 * i + 4], eps)))
      _0 = torch.append(folded, torch.to(torch.mul(w[5 * i], torch.view(scale, [-1, 1, 1, 1])), type))
      _1 = torch.append(folded, torch.to(torch.sub(w[5 * i + 2], torch.mul(w[5 * i + 3], scale)), type))
    return folded

  def stem(self: __torch__.Ops, x: Tensor, w: List[Tensor]) -> Tensor:
    h = torch.relu_(torch.conv2d(torch.to(x, w[0].dtype), w[0], w[1], [2, 2], [3, 3]))
    return torch.max_pool2d(h, [3, 3], [2, 2], [1, 1])

  def wide(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.to(x, 6)

  def relu(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.relu(x)

  def bottleneck(self: __torch__.Ops, x: Tensor, w: List[Tensor], stride: int) -> Tensor:
    h = torch.relu_(torch.conv2d(x, w[0], w[1]))
    h = torch.relu_(torch.conv2d(h, w[2], w[3], [stride, stride], [1, 1]))
    h = torch.conv2d(h, w[4], w[5])
    if torch.gt(torch.len(w), 6):
      x = torch.conv2d(x, w[6], w[7], [stride, stride])
    return torch.add_(h, x)
