  def gate(self: __torch__.Ops, source: Tensor, target: Tensor, w: List[Tensor]) -> Tensor:
    g = torch.add(torch.mean(source, [2, 3], True), torch.mean(target, [2, 3], True))
    return torch.conv2d(torch.relu_(torch.conv2d(g, w[0], w[1])), w[2])

  def feature(self: __torch__.Ops, x: Tensor, w: List[Tensor], side: int) -> Tensor:
    h = torch.relu_(torch.conv2d(x, w[0], w[1]))
    h = torch.upsample_bilinear2d(h, [side, side], True, None)
    return torch.flatten(torch.squeeze(h, 0), 1)

  def add_products(self: __torch__.Ops, dot: Tensor, source_squares: Tensor, target_squares: Tensor, source: Tensor, target: Tensor) -> bool:
    _0 = torch.addmm_(dot, torch.t(source), target)
    _1 = torch.add_(source_squares, torch.sum(torch.square(source), [0]))
    _2 = torch.add_(target_squares, torch.sum(torch.square(target), [0]))
    return True

  def correlation(self: __torch__.Ops, dot: Tensor, source_squares: Tensor, target_squares: Tensor, floor: float) -> Tensor:
    norms = torch.outer(torch.sqrt(source_squares), torch.sqrt(target_squares))
    return torch.square_(torch.relu_(torch.div_(dot, torch.add_(norms, floor))))

  def fold(self: __torch__.Ops, w: List[Tensor], eps: float) -> List[Tensor]:
    scale = torch.div(w[1], torch.sqrt(torch.add(w[4], eps)))
    folded = [torch.mul(w[0], torch.view(scale, [-1, 1, 1, 1])), torch.sub(w[2], torch.mul(w[3], scale))]
    if torch.gt(torch.len(w), 5):
      _ = torch.append(folded, w[5])
    return folded
