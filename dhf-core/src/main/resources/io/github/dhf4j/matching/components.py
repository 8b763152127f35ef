  def components(self: __torch__.Ops, a: Tensor, b: Tensor, count: int) -> Tensor:
    # (C, N) of both images; the result is (count, N), by falling variance
    x = torch.to(torch.cat([torch.flatten(a, 1), torch.flatten(b, 1)], 1), 7)
    x = torch.sub(x, torch.mean(x, [1], True))
    channels, cells = torch.size(x)
    if torch.lt(cells, channels):
      # the same components come from the cells' inner products, which are fewer
      values, vectors = torch.linalg_eigh(torch.matmul(torch.t(x), x))
      rows = torch.mul(torch.t(vectors), torch.unsqueeze(torch.sqrt(torch.clamp(values, 0.)), 1))
    else:
      _, vectors = torch.linalg_eigh(torch.matmul(x, torch.t(x)))
      rows = torch.matmul(torch.t(vectors), x)
    last = torch.size(rows, 0)
    return torch.to(torch.flip(torch.slice(rows, 0, last - count, last), [0]), 6)

  def image(self: __torch__.Ops, rows: Tensor, like: Tensor, start: int) -> Tensor:
    height = torch.size(like, 1)
    width = torch.size(like, 2)
    return torch.reshape(torch.slice(rows, 1, start, start + height * width), [1, -1, height, width])

  def joined(self: __torch__.Ops, finer: Tensor, coarser: Tensor) -> Tensor:
    size = [torch.size(finer, 2), torch.size(finer, 3)]
    return torch.cat([finer, torch.upsample_bilinear2d(coarser, size, False, None)], 1)

  def joint(self: __torch__.Ops, a: List[Tensor], b: List[Tensor], counts: List[int]) -> List[Tensor]:
    rows = self.components(a[0], b[0], counts[0])
    first = self.image(rows, a[0], 0)
    second = self.image(rows, b[0], torch.numel(torch.select(a[0], 0, 0)))
    for i in range(1, torch.len(a)):
      rows = self.components(a[i], b[i], counts[i])
      first = self.joined(self.image(rows, a[i], 0), first)
      second = self.joined(self.image(rows, b[i], torch.numel(torch.select(a[i], 0, 0))), second)
    return [first, second]

