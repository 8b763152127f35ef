  def is_too_large(self: __torch__.Ops, x: Tensor) -> bool:
    # the allocator maps blocks above 32 MB anew each time, and touching them first costs more than most operations on them
    large = False
    if self.is_on_cpu(x):
      if torch.is_contiguous(x, memory_format=2) and torch.__not__(x.requires_grad):
        large = torch.ge(torch.numel(x) * torch.element_size(x), 33554432)
    return large

  def band_rows(self: __torch__.Ops, x: Tensor) -> int:
    row = torch.size(x, 1) * torch.size(x, 3) * torch.element_size(x)
    return torch.floordiv(2097152, row) + 1

  def group_statistics(self: __torch__.Ops, x: Tensor, groups: int) -> Tuple[Tensor, Tensor]:
    # the engine's own in this layout takes the mean square less the squared mean, too coarse for float32
    channels = torch.size(x, 1)
    height = torch.size(x, 2)
    rows = self.band_rows(x)
    means = annotate(List[Tensor], [])
    variances = annotate(List[Tensor], [])
    for j in range(torch.floordiv(height + rows - 1, rows)):
      band = torch.slice(x, 2, j * rows, (j + 1) * rows)
      if torch.eq(x.dtype, 6):
        mean = torch.mean(band, [0, 2, 3], True)
        centred = torch.sub(band, mean)
        variance = torch.mean(torch.mul_(centred, centred), [0, 2, 3])
        mean = torch.flatten(mean)
      else:
        one = torch.ones([channels], dtype=6)
        _, mean, inverse = torch.native_group_norm(band, one, one, 1, channels, torch.size(band, 2) * torch.size(x, 3), groups, 1e-12)
        mean = torch.flatten(mean)
        variance = torch.flatten(torch.pow(inverse, -2))
      _0 = torch.append(means, mean)
      _1 = torch.append(variances, variance)
    left = torch.rsub(torch.mul(torch.arange(torch.len(means), dtype=6), rows), height)
    share = torch.reshape(torch.div(torch.clamp(left, None, rows), height), [-1, 1, 1])
    part = torch.reshape(torch.stack(means), [torch.len(means), groups, -1])
    spread = torch.reshape(torch.stack(variances), [torch.len(means), groups, -1])
    mean = torch.sum(torch.mean(torch.mul(part, share), [2], True), [0], True)
    spread = torch.add(spread, torch.pow(torch.sub(part, mean), 2))
    variance = torch.sum(torch.mean(torch.mul(spread, share), [2], True), [0], True)
    each = torch.floordiv(channels, groups)
    return (torch.repeat_interleave(torch.flatten(mean), each), torch.repeat_interleave(torch.flatten(variance), each))

  def group_norm(self: __torch__.Ops, x: Tensor, groups: int, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
    if torch.eq(x.dtype, 6) and self.is_on_cpu(x) and torch.__not__(torch.is_contiguous(x) or x.requires_grad):
      images = annotate(List[Tensor], [])
      for i in range(torch.size(x, 0)):
        image = torch.slice(x, 0, i, i + 1)
        mean, variance = self.group_statistics(image, groups)
        _ = torch.append(images, torch.batch_norm(image, weight, bias, mean, variance, False, 0., eps, False))
      y = images[0]
      if torch.gt(torch.len(images), 1):
        y = torch.cat(images, 0)
    else:
      y = torch.group_norm(x, groups, weight, bias, eps, False)
    return y

  def norm_conv_bands(self: __torch__.Ops, x: Tensor, into: Tensor, adds: bool, weights: List[Tensor], groups: int, eps: float) -> Tensor:
    height = torch.size(x, 2)
    rows = self.band_rows(x)
    weight = torch.to(weights[0], 6)
    bias = torch.to(weights[1], 6)
    for i in range(torch.size(x, 0)):
      image = torch.slice(x, 0, i, i + 1)
      target = torch.slice(into, 0, i, i + 1)
      mean, variance = self.group_statistics(image, groups)
      for j in range(torch.floordiv(height + rows - 1, rows)):
        start = j * rows
        end = ops.prim.min(start + rows, height)
        above = ops.prim.min(start, 1)
        below = ops.prim.min(height - end, 1)
        band = torch.slice(image, 2, start - above, end + below)
        band = torch.silu_(torch.batch_norm(band, weight, bias, mean, variance, False, 0., eps, False))
        if torch.eq(above + below, 2):
          y = torch.conv2d(band, weights[2], weights[3], [1, 1], [0, 1])
        else:
          y = torch.slice(torch.conv2d(band, weights[2], weights[3], [1, 1], [1, 1]), 2, above, above + end - start)
        part = torch.slice(target, 2, start, end)
        if adds:
          _ = torch.add_(part, y)
        else:
          _0 = torch.copy_(part, y)
    return into

  def scratch(self: __torch__.Ops, like: Tensor, w: List[Tensor], size: List[int]) -> Tensor:
    if torch.__not__(self.is_on_cpu(like)):
      size = [0]
    return torch.empty(size, dtype=w[1].dtype, layout=None, device=like.device)

  def resnet_bands(self: __torch__.Ops, x: Tensor, scratch: Tensor, w: List[Tensor], groups: int, eps: float) -> Tensor:
    b, _, height, width = torch.size(x)
    c = torch.size(w[2], 0)
    h = torch.as_strided(scratch, [b, c, height, width], [height * width * c, 1, width * c, c])
    h = self.norm_conv_bands(x, h, False, torch.slice(w, 0, 4), groups, eps)
    return self.norm_conv_bands(h, self.resnet_shortcut(x, w, 8), True, torch.slice(w, 4, 8), groups, eps)

  def downsample_bands(self: __torch__.Ops, x: Tensor, w: List[Tensor]) -> Tensor:
    height = torch.size(x, 2)
    rows = self.band_rows(x)
    out = annotate(List[Tensor], [])
    for j in range(torch.floordiv(torch.floordiv(height, 2) + rows - 1, rows)):
      start = 2 * j * rows
      end = ops.prim.min(start + 2 * rows + 1, height)
      below = torch.remainder(end - start + 1, 2)
      band = torch.constant_pad_nd(torch.slice(x, 2, start, end), [0, 1, 0, below], 0)
      _ = torch.append(out, torch.conv2d(band, w[0], w[1], [2, 2]))
    return torch.cat(out, 2)

