  def normalise(self: __torch__.Ops, pixels: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
    x = torch.div(torch.to(pixels, 6), 255.)
    return torch.contiguous(torch.permute(torch.div(torch.sub(x, mean), deviation), [0, 3, 1, 2]))

  def embed(self: __torch__.Ops, pixels: Tensor, w: List[Tensor], position: Tensor, stride: int) -> Tensor:
    b = torch.size(pixels, 0)
    x = torch.conv2d(pixels, w[1], w[2], [stride, stride])
    x = torch.transpose(torch.flatten(x, 2), 1, 2)
    x = torch.add(torch.cat([torch.expand(w[0], [b, -1, -1]), x], 1), position)
    if torch.gt(torch.len(w), 3):
      x = torch.cat([torch.slice(x, 1, 0, 1), torch.expand(w[3], [b, -1, -1]), torch.slice(x, 1, 1)], 1)
    return x

  def heads(self: __torch__.Ops, x: Tensor, heads: int) -> Tensor:
    b = torch.size(x, 0)
    n = torch.size(x, 1)
    return torch.transpose(torch.view(x, [b, n, heads, -1]), 1, 2)

  def block(self: __torch__.Ops, x: Tensor, w: List[Tensor], heads: int, eps: float, gated: bool, facets: bool) -> List[Tensor]:
    b = torch.size(x, 0)
    t = torch.size(x, 1)
    dim = torch.size(x, 2)
    scaled = torch.gt(torch.len(w), 16)
    n = torch.layer_norm(x, [dim], w[0], w[1], eps, False)
    q = torch.linear(n, w[2], w[3])
    k = torch.linear(n, w[4], w[5])
    v = torch.linear(n, w[6], w[7])
    h = torch.scaled_dot_product_attention(self.heads(q, heads), self.heads(k, heads), self.heads(v, heads), None, 0., False)
    h = torch.linear(torch.reshape(torch.transpose(h, 1, 2), [b, t, dim]), w[8], w[9])
    if scaled:
      h = torch.mul_(h, w[16])
    h = torch.add_(h, x)
    n = torch.layer_norm(h, [dim], w[10], w[11], eps, False)
    n = torch.linear(n, w[12], w[13])
    if gated:
      first, second = torch.chunk(n, 2, -1)
      n = torch.mul(torch.silu(first), second)
    else:
      n = torch.gelu(n)
    n = torch.linear(n, w[14], w[15])
    if scaled:
      n = torch.mul_(n, w[17])
    h = torch.add_(h, n)
    if facets:
      result = [h, q, k, v]
    else:
      result = [h]
    return result

  def class_attention(self: __torch__.Ops, q: Tensor, k: Tensor, heads: int, leading: int) -> Tensor:
    query = self.heads(torch.slice(q, 1, 0, 1), heads)
    keys = self.heads(k, heads)
    scale = torch.sqrt(torch.div(torch.size(q, 2), heads))
    scores = torch.div(torch.matmul(query, torch.transpose(keys, -2, -1)), scale)
    return torch.slice(torch.squeeze(torch.softmax(scores, -1), 2), 2, leading)

  def final_norm(self: __torch__.Ops, x: Tensor, w: List[Tensor], eps: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, 2)], w[0], w[1], eps, False)

  def to_map(self: __torch__.Ops, tokens: Tensor, leading: int, height: int, width: int) -> Tensor:
    patches = torch.slice(tokens, 1, leading)
    x = torch.transpose(patches, 1, 2)
    return torch.contiguous(torch.view(torch.contiguous(x), [torch.size(x, 0), torch.size(x, 1), height, width]))

  def log_bins(self: __torch__.Ops, x: Tensor) -> Tensor:
    h = torch.size(x, 2)
    w = torch.size(x, 3)
    near = torch.replication_pad2d(x, [1, 1, 1, 1])
    far = torch.replication_pad2d(torch.avg_pool2d(x, [3, 3], [1, 1], [1, 1], False, False), [3, 3, 3, 3])
    bins = annotate(List[Tensor], [])
    for i in range(9):
      rows = torch.narrow(near, 2, torch.floordiv(i, 3), h)
      _ = torch.append(bins, torch.narrow(rows, 3, torch.remainder(i, 3), w))
    for j in range(9):
      if torch.ne(j, 4):
        rows = torch.narrow(far, 2, torch.mul(torch.floordiv(j, 3), 3), h)
        _ = torch.append(bins, torch.narrow(rows, 3, torch.mul(torch.remainder(j, 3), 3), w))
    return torch.cat(bins, 1)
