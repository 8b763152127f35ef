  def put_correlation(self: __torch__.Ops, all: Tensor, index: int, target: Tensor, source: Tensor) -> bool:
    t = torch.flatten(torch.squeeze(target, 0), 1)
    s = torch.flatten(torch.squeeze(source, 0), 1)
    t = torch.div(t, torch.add(torch.norm(t, 2, [0], True), 1e-05))
    s = torch.div(s, torch.add(torch.norm(s, 2, [0], True), 1e-05))
    place = torch.view(torch.select(all, 0, index), [torch.size(t, 1), torch.size(s, 1)])
    _0 = torch.relu_(torch.copy_(place, torch.mm(torch.t(t), s)))
    return True

  def affinity(self: __torch__.Ops, x: Tensor, w: List[Tensor]) -> Tensor:
    return torch.relu(torch.conv2d(x, w[0], w[1], [2, 2], [1, 1]))

  def swap(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.contiguous(torch.permute(x, [0, 3, 4, 1, 2]))

  def halve(self: __torch__.Ops, x: Tensor, dim: int) -> Tensor:
    even = torch.slice(x, dim, 0, 9223372036854775807, 2)
    return torch.maximum(even, torch.slice(x, dim, 1, 9223372036854775807, 2))

  def pool(self: __torch__.Ops, x: Tensor, dim: int, window: int) -> Tensor:
    if torch.gt(window, 1):
      x = self.halve(self.halve(x, dim), torch.add(dim, 1))
    if torch.gt(window, 2):
      x = self.halve(self.halve(x, dim), torch.add(dim, 1))
    return x

  def over(self: __torch__.Ops, x: Tensor, order: List[int], back: List[int], w: Tensor, bias: Tensor, stride: int, pad: int) -> Tensor:
    p = torch.permute(x, order)
    a = torch.size(p, 0)
    b = torch.size(p, 1)
    h = torch.reshape(p, [torch.mul(a, b), torch.size(p, 2), torch.size(p, 3), torch.size(p, 4)])
    h = torch.conv2d(h, w, bias, [stride, stride], [pad, pad])
    return torch.permute(torch.view(h, [a, b, torch.size(h, 1), torch.size(h, 2), torch.size(h, 3)]), back)

  def conv4d(self: __torch__.Ops, x: Tensor, w: List[Tensor], at: int, first_stride: int, first_pad: int, last_stride: int, last_pad: int) -> Tensor:
    a = self.over(self.pool(x, 3, last_stride), [3, 4, 0, 1, 2], [2, 3, 4, 0, 1], w[at], w[at + 1], first_stride, first_pad)
    b = self.over(self.pool(x, 1, first_stride), [1, 2, 0, 3, 4], [2, 0, 1, 3, 4], w[at + 2], w[at + 3], last_stride, last_pad)
    return torch.add(torch.contiguous(b), a)

  def norm(self: __torch__.Ops, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.squeeze(torch.group_norm(torch.contiguous(torch.unsqueeze(x, 0)), 1, weight, bias, 1e-05, False), 0)

  def early(self: __torch__.Ops, x: Tensor, w: List[Tensor]) -> Tensor:
    return torch.relu(self.norm(self.conv4d(x, w, 0, 2, 1, 2, 1), w[4], w[5]))

  def transformer(self: __torch__.Ops, x: Tensor, affinity: Tensor, w: List[Tensor], stride: int, pad: int) -> Tensor:
    n = torch.size(x, 3)
    tokens = n * n
    y = self.norm(x, w[1], w[2])
    qk = self.norm(self.conv4d(y, w, 3, stride, pad, 1, 1), w[7], w[8])
    qk = torch.t(torch.reshape(qk, [-1, tokens]))
    qk = torch.cat([qk, torch.t(torch.flatten(torch.squeeze(affinity, 0), 1))], 1)
    qk = torch.linear(qk, w[9], w[10])
    position = torch.view(w[0], [tokens, 1, -1])
    q = torch.add(torch.transpose(torch.view(torch.slice(qk, 1, 0, 512), [tokens, -1, 4]), 1, 2), position)
    k = torch.add(torch.transpose(torch.view(torch.slice(qk, 1, 512, 1024), [tokens, -1, 4]), 1, 2), position)
    v = self.norm(self.conv4d(y, w, 11, 1, pad, 1, 1), w[15], w[16])
    v = torch.transpose(torch.reshape(v, [4, -1, tokens]), 1, 2)
    scores = torch.div(torch.matmul(torch.permute(q, [1, 0, 2]), torch.permute(k, [1, 2, 0])), torch.sqrt(torch.size(q, 2)))
    h = torch.matmul(torch.softmax(scores, -1), v)
    x = torch.add(x, torch.view_as(torch.contiguous(torch.transpose(h, 1, 2)), x))
    y = self.norm(x, w[17], w[18])
    y = torch.gelu(self.conv4d(y, w, 19, 1, pad, 1, 1))
    return torch.add(x, self.conv4d(y, w, 23, 1, pad, 1, 1))

  def refine(self: __torch__.Ops, x: Tensor, source: Tensor, target: Tensor, w: List[Tensor], stride: int, pad: int) -> Tensor:
    forth = self.transformer(x, source, w, stride, pad)
    back = self.swap(self.transformer(self.swap(x), target, w, stride, pad))
    return torch.add(torch.add(x, forth), back)

  def upscale(self: __torch__.Ops, x: Tensor, side: int) -> Tensor:
    c = torch.size(x, 0)
    n = torch.size(x, 1)
    h = torch.upsample_bilinear2d(torch.reshape(x, [c, n * n, n, n]), [side, side], True, None)
    h = torch.permute(torch.view(h, [c, n, n, side, side]), [0, 3, 4, 1, 2])
    h = torch.upsample_bilinear2d(torch.reshape(h, [c, side * side, n, n]), [side, side], True, None)
    return torch.contiguous(torch.permute(torch.view(h, [c, side, side, side, side]), [0, 3, 4, 1, 2]))

  def add(self: __torch__.Ops, a: Tensor, b: Tensor) -> Tensor:
    return torch.add(a, b)

  def mean(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.mean(x, [0])

  def grid(self: __torch__.Ops, correlation: Tensor, w: List[Tensor], temperature: float) -> Tensor:
    n = torch.size(correlation, 0)
    p = torch.softmax(torch.div(torch.view(correlation, [n * n, n * n]), temperature), 1)
    p = torch.view(p, [n * n, n, n])
    x = torch.mv(torch.sum(p, [1]), w[0])
    y = torch.mv(torch.sum(p, [2]), w[1])
    return torch.view(torch.stack([x, y], 0), [2, n, n])
