  def stack(self: __torch__.Ops, maps: List[Tensor], layers: int) -> Tensor:
    steps = annotate(List[Tensor], [])
    for s in range(torch.floordiv(torch.len(maps), layers)):
      resized = annotate(List[Tensor], [])
      for l in range(layers):
        _ = torch.append(resized, torch.upsample_bilinear2d(maps[s * layers + l], [64, 64], False, None))
      _0 = torch.append(steps, torch.cat(resized, 1))
    return torch.stack(steps, 1)

  def aggregate(self: __torch__.Ops, sum: Tensor, stack: Tensor, w: List[Tensor], s: int, channel: int, width: int, weight: float) -> bool:
    x = torch.narrow(torch.select(stack, 1, s), 1, channel, width)
    h = torch.relu(torch.group_norm(torch.conv2d(x, w[0]), 32, w[1], w[2], 1e-05, False))
    h = torch.conv2d(h, w[3], None, [1, 1], [1, 1], [1, 1], 1)
    h = torch.relu(torch.group_norm(h, 32, w[4], w[5], 1e-05, False))
    h = torch.group_norm(torch.conv2d(h, w[6]), 32, w[7], w[8], 1e-05, False)
    y = torch.group_norm(torch.conv2d(x, w[9]), 32, w[10], w[11], 1e-05, False)
    h = torch.relu(torch.add(h, y))
    _ = torch.add_(sum, torch.mul(h, weight))
    return True

  def match(self: __torch__.Ops, source: Tensor, target: Tensor, points: Tensor, size: int) -> Tensor:
    a = torch.upsample_bilinear2d(source, [size, size], False, None)
    b = torch.upsample_bilinear2d(target, [size, size], False, None)
    a = torch.reshape(a, [torch.size(a, 1), -1])
    b = torch.reshape(b, [torch.size(b, 1), -1])
    q = torch.index_select(a, 1, points)
    q = torch.div(q, torch.norm(q, 2, [0], True))
    b = torch.div(b, torch.norm(b, 2, [0], True))
    return torch.argmax(torch.matmul(torch.t(q), b), 1)
