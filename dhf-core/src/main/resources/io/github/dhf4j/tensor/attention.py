  def is_on_cpu(self: __torch__.Ops, x: Tensor) -> bool:
    # the only question of scripts about devices: for forms that pay on one kind only
    return x.is_cpu

  def heads(self: __torch__.Ops, x: Tensor, heads: int) -> Tensor:
    b = torch.size(x, 0)
    n = torch.size(x, 1)
    return torch.transpose(torch.view(x, [b, n, heads, -1]), 1, 2)

  def attend_by_blocks(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, rows: int) -> Tensor:
    b, heads, n, d = torch.size(q)
    scale = torch.div(1., torch.sqrt(d))
    queries = torch.reshape(q, [b * heads, n, d])
    keys = torch.transpose(torch.reshape(k, [b * heads, -1, d]), 1, 2)
    # products are a quarter faster where their width is a multiple of 16
    wide = torch.mul(torch.floordiv(d + 15, 16), 16)
    values = torch.constant_pad_nd(torch.reshape(v, [b * heads, -1, d]), [0, wide - d], 0)
    none = torch.empty([1, 1], dtype=q.dtype)
    h = torch.empty([b * heads, n, d], dtype=q.dtype)
    # the same memory for every block: allocated anew, it would be touched first each time
    all_scores = torch.empty([rows, torch.size(keys, 2)], dtype=q.dtype)
    all_shares = torch.empty([rows, torch.size(keys, 2)], dtype=q.dtype)
    for i in range(b * heads):
      for j in range(torch.floordiv(n + rows - 1, rows)):
        some = torch.slice(torch.select(queries, 0, i), 0, j * rows, (j + 1) * rows)
        scores = torch.slice(all_scores, 0, 0, torch.size(some, 0))
        shares = torch.slice(all_shares, 0, 0, torch.size(some, 0))
        scores = torch.addmm(none, some, torch.select(keys, 0, i), beta=0, alpha=scale, out=scores)
        shares = torch._softmax(scores, -1, False, out=shares)
        part = torch.mm(shares, torch.select(values, 0, i))
        _ = torch.copy_(torch.slice(torch.select(h, 0, i), 0, j * rows, (j + 1) * rows), torch.slice(part, 1, 0, d))
    return torch.reshape(torch.transpose(torch.view(h, [b, heads, n, d]), 1, 2), [b, n, -1])

  def attend(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, causal: bool) -> Tensor:
    b = torch.size(q, 0)
    n = torch.size(q, 2)
    # on a CPU the fused attention is no faster in bfloat16 than in float32; plain products are
    if self.is_large_bfloat16(q, k):
      y = self.attend_by_blocks(q, k, v, 256)
    else:
      h = torch.scaled_dot_product_attention(q, k, v, None, 0., causal)
      y = torch.reshape(torch.transpose(h, 1, 2), [b, n, -1])
    return y

  def is_large_bfloat16(self: __torch__.Ops, q: Tensor, k: Tensor) -> bool:
    large = False
    if torch.eq(q.dtype, 15):
      if torch.ge(torch.size(q, 2) * torch.size(k, 2), 1048576):
        large = self.is_on_cpu(q)
    return large

