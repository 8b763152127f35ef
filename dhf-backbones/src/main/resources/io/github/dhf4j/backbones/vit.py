  def normalise(self: __torch__.Ops, pixels: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
    x = torch.div(torch.to(pixels, 6), 255.)
    return torch.contiguous(torch.permute(torch.div(torch.sub(x, mean), deviation), [0, 3, 1, 2]))

  def padded(self: __torch__.Ops, pictures: List[Tensor], height: int, width: int) -> Tensor:
    all = annotate(List[Tensor], [])
    for i in range(torch.len(pictures)):
      x = pictures[i]
      _ = torch.append(all, torch.constant_pad_nd(x, [0, torch.sub(width, torch.size(x, 3)), 0, torch.sub(height, torch.size(x, 2))], 0.))
    return torch.cat(all)

  def class_and_patches(self: __torch__.Ops, pixels: Tensor, w: List[Tensor], stride: int) -> Tensor:
    x = torch.conv2d(torch.to(pixels, w[1].dtype), w[1], w[2], [stride, stride])
    x = torch.transpose(torch.flatten(x, 2), 1, 2)
    return torch.cat([torch.expand(w[0], [torch.size(pixels, 0), -1, -1]), x], 1)

  def with_registers(self: __torch__.Ops, x: Tensor, w: List[Tensor]) -> Tensor:
    if torch.gt(torch.len(w), 3):
      x = torch.cat([torch.slice(x, 1, 0, 1), torch.expand(w[3], [torch.size(x, 0), -1, -1]), torch.slice(x, 1, 1)], 1)
    return x

  def embed(self: __torch__.Ops, pixels: Tensor, w: List[Tensor], position: Tensor, stride: int) -> Tensor:
    return self.with_registers(torch.add(self.class_and_patches(pixels, w, stride), torch.to(position, w[0].dtype)), w)

  def embed_without_positions(self: __torch__.Ops, pixels: Tensor, w: List[Tensor], stride: int) -> Tensor:
    return self.with_registers(self.class_and_patches(pixels, w, stride), w)

  def merged(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.flatten(torch.transpose(x, 1, 2), 2)

  def layer(self: __torch__.Ops, x: Tensor, w: List[Tensor], at: List[int], slot: int) -> Tensor:
    bias = at[torch.add(slot, 1)]
    if torch.lt(bias, 0):
      y = self.linear(x, w[at[slot]], None)
    else:
      y = self.linear(x, w[at[slot]], w[bias])
    return y

  def normed(self: __torch__.Ops, x: Tensor, w: List[Tensor], at: List[int], slot: int, eps: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, 2)], w[at[slot]], w[at[torch.add(slot, 1)]], eps, False)

  def activate(self: __torch__.Ops, x: Tensor, kind: int) -> Tensor:
    if torch.eq(kind, 0):
      y = torch.gelu_(x)
    else:
      if torch.eq(kind, 1):
        cubic = torch.add(x, torch.mul(torch.mul(torch.mul(x, x), x), 0.044715))
        y = torch.mul(torch.mul(x, 0.5), torch.add(torch.tanh(torch.mul(cubic, 0.7978845608028654)), 1.))
      else:
        if torch.eq(kind, 2):
          y = torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))
        else:
          if torch.eq(kind, 3):
            y = torch.relu(x)
          else:
            y = torch.silu(x)
    return y

  def rotate(self: __torch__.Ops, x: Tensor, cos: Tensor, sin: Tensor, leading: int) -> Tensor:
    patches = torch.slice(x, 2, leading)
    first, second = torch.chunk(patches, 2, -1)
    turned = torch.cat([torch.neg(second), first], -1)
    patches = torch.add(torch.mul(patches, torch.to(cos, x.dtype)), torch.mul(turned, torch.to(sin, x.dtype)))
    return torch.cat([torch.slice(x, 2, 0, leading), patches], 2)

  def facets(self: __torch__.Ops, x: Tensor, w: List[Tensor], at: List[int], eps: float) -> List[Tensor]:
    n = self.normed(x, w, at, 0, eps)
    return [self.layer(n, w, at, 2), self.layer(n, w, at, 4), self.layer(n, w, at, 6)]

  def attended(self: __torch__.Ops, x: Tensor, w: List[Tensor], at: List[int], q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    h = self.layer(self.attend(q, k, v, False), w, at, 8)
    if torch.ge(at[16], 0):
      h = torch.mul_(h, w[at[16]])
    return torch.add_(h, x)

  def fed_forward(self: __torch__.Ops, h: Tensor, w: List[Tensor], at: List[int], eps: float, activation: int, stacked: bool) -> Tensor:
    n = self.normed(h, w, at, 10, eps)
    if torch.ge(at[18], 0):
      n = torch.mul_(self.activate(self.layer(n, w, at, 18), activation), self.layer(n, w, at, 12))
    else:
      n = self.layer(n, w, at, 12)
      if stacked:
        first, second = torch.chunk(n, 2, -1)
        n = torch.mul(self.activate(first, activation), second)
      else:
        n = self.activate(n, activation)
    n = self.layer(n, w, at, 14)
    if torch.ge(at[17], 0):
      n = torch.mul_(n, w[at[17]])
    return n

  def rest(self: __torch__.Ops, x: Tensor, w: List[Tensor], at: List[int], q: Tensor, k: Tensor, v: Tensor, eps: float, activation: int, stacked: bool) -> Tensor:
    h = self.attended(x, w, at, q, k, v)
    # what is recorded needs the norm's input as it was: the sum goes where the last layer's output is
    return torch.add_(self.fed_forward(h, w, at, eps, activation, stacked), h)

  def block(self: __torch__.Ops, x: Tensor, w: List[Tensor], at: List[int], heads: int, eps: float, activation: int, stacked: bool, facets: bool) -> List[Tensor]:
    q, k, v = self.facets(x, w, at, eps)
    h = self.rest(x, w, at, self.heads(q, heads), self.heads(k, heads), self.heads(v, heads), eps, activation, stacked)
    if facets:
      result = [h, q, k, v, q, k]
    else:
      result = [h]
    return result

  def adapter(self: __torch__.Ops, x: Tensor, a: List[Tensor]) -> Tensor:
    n = torch.layer_norm(x, [torch.size(x, 2)], a[0], a[1], 1.0e-05, False)
    n = torch.relu_(self.linear(n, a[2], a[3]))
    return torch.mul_(self.linear(n, a[4], a[5]), 0.1)

  def adapted_block(self: __torch__.Ops, x: Tensor, w: List[Tensor], at: List[int], a: List[Tensor], heads: int, eps: float, activation: int, stacked: bool, facets: bool) -> List[Tensor]:
    q, k, v = self.facets(x, w, at, eps)
    h = self.attended(x, w, at, self.heads(q, heads), self.heads(k, heads), self.heads(v, heads))
    beside = self.adapter(h, a)
    h = torch.add_(torch.add_(beside, h), self.fed_forward(h, w, at, eps, activation, stacked))
    if facets:
      result = [h, q, k, v, q, k]
    else:
      result = [h]
    return result

  def rotary_block(self: __torch__.Ops, x: Tensor, w: List[Tensor], at: List[int], cos: Tensor, sin: Tensor, leading: int, heads: int, eps: float, activation: int, stacked: bool, facets: bool) -> List[Tensor]:
    q, k, v = self.facets(x, w, at, eps)
    turned_q = self.rotate(self.heads(q, heads), cos, sin, leading)
    turned_k = self.rotate(self.heads(k, heads), cos, sin, leading)
    h = self.rest(x, w, at, turned_q, turned_k, self.heads(v, heads), eps, activation, stacked)
    if facets:
      result = [h, q, k, v, self.merged(turned_q), self.merged(turned_k)]
    else:
      result = [h]
    return result

  def class_attention(self: __torch__.Ops, q: Tensor, k: Tensor, heads: int, leading: int) -> Tensor:
    query = self.heads(torch.slice(q, 1, 0, 1), heads)
    keys = self.heads(k, heads)
    scale = torch.sqrt(torch.div(torch.size(q, 2), heads))
    scores = torch.div(torch.matmul(query, torch.transpose(keys, -2, -1)), scale)
    return torch.to(torch.slice(torch.squeeze(torch.softmax(scores, -1), 2), 2, leading), 6)

  def final_norm(self: __torch__.Ops, x: Tensor, w: List[Tensor], eps: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, 2)], w[0], w[1], eps, False)

  def to_map(self: __torch__.Ops, tokens: Tensor, leading: int, height: int, width: int) -> Tensor:
    patches = torch.slice(tokens, 1, leading)
    x = torch.transpose(patches, 1, 2)
    x = torch.view(torch.contiguous(x), [torch.size(x, 0), torch.size(x, 1), height, width])
    return torch.contiguous(torch.to(x, 6))

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
