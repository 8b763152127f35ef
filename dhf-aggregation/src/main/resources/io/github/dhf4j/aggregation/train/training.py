  def shares(self: __torch__.Ops, cells: int, larger: int, like: Tensor) -> Tensor:
    # what each of the cells of a line gives to each of the larger line that it is interpolated to
    one = torch.view(torch.diag(torch.new_ones(like, [cells])), [1, cells, 1, cells])
    return torch.view(torch.upsample_bilinear2d(one, [1, larger], False, None), [cells, larger])

  def accumulate_steps(self: __torch__.Ops, sum: Tensor, x: Tensor, w: List[Tensor], weights: Tensor, groups: int) -> bool:
    h = self.bottleneck(x, w, [torch.size(sum, 2), torch.size(sum, 3)], torch.size(sum, 1), groups)
    steps = torch.size(weights, 0)
    total = torch.mv(torch.t(torch.view(h, [steps, torch.numel(sum)])), weights)
    _ = torch.add_(sum, torch.view_as(total, sum))
    return True

  def gradients(self: __torch__.Ops, grad: Tensor, x: Tensor, w: List[Tensor], weights: Tensor, groups: int) -> List[Tensor]:
    grad = torch.contiguous(grad)
    height = torch.size(grad, 2)
    breadth = torch.size(grad, 3)
    size = [height, breadth]
    pixels = torch.mul(height, breadth)
    n = torch.size(x, 0)
    steps = torch.size(weights, 0)
    narrow = torch.size(w[1], 0)
    width = torch.size(grad, 1)
    has_shortcut = torch.gt(torch.len(w), 9)
    before = torch.conv2d(x, w[0])
    joined = self.resize(before, size)
    if has_shortcut:
      a1 = torch.contiguous(torch.narrow(joined, 1, 0, narrow))
      s0 = torch.contiguous(torch.narrow(joined, 1, narrow, width))
      s, s_mean, s_rstd = torch.native_group_norm(s0, w[9], w[10], n, width, pixels, groups, 1e-05)
    else:
      a1 = joined
      s0 = joined
      s = self.resize(x, size)
      s_mean = s
      s_rstd = s
    n1, mean1, rstd1 = torch.native_group_norm(a1, w[1], w[2], n, narrow, pixels, groups, 1e-05)
    h1 = torch.relu_(n1)
    a2 = torch.conv2d(h1, w[3], None, [1, 1], [1, 1], [1, 1], 1)
    n2, mean2, rstd2 = torch.native_group_norm(a2, w[4], w[5], n, narrow, pixels, groups, 1e-05)
    h2 = torch.relu_(n2)
    a3 = torch.conv2d(h2, w[6])
    n3, mean3, rstd3 = torch.native_group_norm(a3, w[7], w[8], n, width, pixels, groups, 1e-05)
    out = torch.relu_(torch.add_(n3, s))
    # a mixing weight's gradient is the inner product of its map's descriptors with the sum's gradient
    mixing = torch.mv(torch.view(out, [steps, torch.numel(grad)]), torch.view(grad, [torch.numel(grad)]))
    g = torch.mul(torch.unsqueeze(grad, 0), torch.view(weights, [steps, 1, 1, 1, 1]))
    g = torch.threshold_backward(torch.view(g, [n, width, height, breadth]), out, 0)
    d3, w7, w8 = torch.native_group_norm_backward(g, a3, mean3, rstd3, w[7], n, width, pixels, groups, [True, True, True])
    dh2, w6, _0 = torch.convolution_backward(d3, h2, w[6], None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1, [True, True, False])
    dh2 = torch.threshold_backward(dh2, h2, 0)
    d2, w4, w5 = torch.native_group_norm_backward(dh2, a2, mean2, rstd2, w[4], n, narrow, pixels, groups, [True, True, True])
    dh1, w3, _1 = torch.convolution_backward(d2, h1, w[3], None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, [True, True, False])
    dh1 = torch.threshold_backward(dh1, h1, 0)
    d1, w1, w2 = torch.native_group_norm_backward(dh1, a1, mean1, rstd1, w[1], n, narrow, pixels, groups, [True, True, True])
    if has_shortcut:
      ds, w9, w10 = torch.native_group_norm_backward(g, s0, s_mean, s_rstd, w[9], n, width, pixels, groups, [True, True, True])
      d = torch.cat([d1, ds], 1)
    else:
      d = d1
      w9 = w8
      w10 = w8
    if torch.ne(torch.size(before, 3), breadth):
      d = torch.matmul(d, torch.t(self.shares(torch.size(before, 3), breadth, d)))
    if torch.ne(torch.size(before, 2), height):
      d = torch.matmul(self.shares(torch.size(before, 2), height, d), d)
    _2, w0, _3 = torch.convolution_backward(d, x, w[0], None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1, [False, True, False])
    result = [mixing, w0, w1, w2, w3, w4, w5, w6, w7, w8]
    if has_shortcut:
      _4 = torch.append(result, w9)
      _5 = torch.append(result, w10)
    return result

  def leave_out(self: __torch__.Ops, x: Tensor, drawn: Tensor, limit: int, factor: float) -> bool:
    _ = torch.mul_(x, torch.mul(torch.to(torch.ge(drawn, limit), 6), factor))
    return True

  def mixing_gradient(self: __torch__.Ops, weights: Tensor, grad: Tensor) -> Tensor:
    return torch.mul(weights, torch.sub(grad, torch.dot(weights, grad)))

  def rows_of(self: __torch__.Ops, descriptors: Tensor, i: int) -> Tensor:
    one = torch.select(descriptors, 0, i)
    return torch.contiguous(torch.t(torch.view(one, [torch.size(one, 0), torch.mul(torch.size(one, 1), torch.size(one, 2))])))

  def grid(self: __torch__.Ops, like: Tensor, height: int, width: int) -> Tensor:
    cells = torch.arange(torch.mul(height, width), dtype=4, layout=None, device=ops.prim.device(like))
    x = torch.to(torch.remainder(cells, width), 6)
    y = torch.to(torch.floor_divide(cells, width), 6)
    return torch.stack([x, y], 1)

  def gaussian(self: __torch__.Ops, places: Tensor, grid: Tensor, sigma: float) -> Tensor:
    away = torch.sub(torch.unsqueeze(grid, 0), torch.unsqueeze(places, 1))
    squares = torch.sum(torch.mul(away, away), [2])
    return torch.softmax(torch.div(squares, torch.mul(-2., torch.mul(sigma, sigma))), 1)

  def place_loss(self: __torch__.Ops, cosines: Tensor, places: Tensor, grid: Tensor, softness: float) -> Tuple[Tensor, Tensor]:
    weights = torch.softmax(torch.div(cosines, softness), 1)
    found = torch.mm(weights, grid)
    away = torch.sub(found, places)
    distance = torch.norm(away, 2, [1], True)
    toward = torch.div(away, torch.clamp_min(distance, 1e-08))
    by_place = torch.mm(toward, torch.t(grid))
    mean = torch.sum(torch.mul(toward, found), [1], True)
    g = torch.div(torch.mul(weights, torch.sub(by_place, mean)), softness)
    return (torch.mean(distance), g)

  def half_loss(self: __torch__.Ops, from_unit: Tensor, to_unit: Tensor, from_index: Tensor, to_index: Tensor, to_places: Tensor, grid: Tensor, temperature: float, sigma: float, weight: float, softness: float) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    points = torch.size(from_index, 0)
    queries = torch.index_select(from_unit, 0, from_index)
    cosines = torch.mm(queries, torch.t(to_unit))
    log_probabilities = torch.log_softmax(torch.div(cosines, temperature), 1)
    g = torch.exp(log_probabilities)
    if torch.gt(sigma, 0.):
      wanted = self.gaussian(torch.narrow(to_places, 1, 0, 2), grid, sigma)
      loss = torch.neg(torch.mean(torch.sum(torch.mul(wanted, log_probabilities), [1])))
      g = torch.sub(g, wanted)
    else:
      hits = torch.unsqueeze(to_index, 1)
      loss = torch.neg(torch.mean(torch.gather(log_probabilities, 1, hits)))
      g = torch.scatter_add(g, 1, hits, torch.full_like(torch.gather(g, 1, hits), -1.))
    g = torch.div(g, torch.mul(temperature, torch.mul(2., points)))
    by_temperature = torch.neg(torch.sum(torch.mul(g, cosines)))
    if torch.gt(weight, 0.):
      distance, by_distance = self.place_loss(cosines, torch.narrow(to_places, 1, 2, 2), grid, softness)
      loss = torch.add(loss, torch.mul(distance, weight))
      g = torch.add(g, torch.mul(by_distance, torch.div(weight, torch.mul(2., points))))
    from_grad = torch.zeros_like(from_unit)
    from_grad = torch.index_add(from_grad, 0, from_index, torch.mm(g, to_unit))
    to_grad = torch.mm(torch.t(g), queries)
    return (loss, from_grad, to_grad, by_temperature)

  def loss(self: __torch__.Ops, descriptors: Tensor, source: Tensor, source_places: Tensor, target: Tensor, target_places: Tensor, temperature: float, sigma: float, weight: float, softness: float) -> List[Tensor]:
    a = self.rows_of(descriptors, 0)
    b = self.rows_of(descriptors, 1)
    a_norm = torch.clamp_min(torch.norm(a, 2, [1], True), 1e-08)
    b_norm = torch.clamp_min(torch.norm(b, 2, [1], True), 1e-08)
    a_unit = torch.div(a, a_norm)
    b_unit = torch.div(b, b_norm)
    grid = self.grid(descriptors, torch.size(descriptors, 2), torch.size(descriptors, 3))
    forth, a_grad, b_grad, forth_temperature = self.half_loss(a_unit, b_unit, source, target, target_places, grid, temperature, sigma, weight, softness)
    back, b_grad2, a_grad2, back_temperature = self.half_loss(b_unit, a_unit, target, source, source_places, grid, temperature, sigma, weight, softness)
    da = torch.add(a_grad, a_grad2)
    db = torch.add(b_grad, b_grad2)
    da = torch.div(torch.sub(da, torch.mul(a_unit, torch.sum(torch.mul(a_unit, da), [1], True))), a_norm)
    db = torch.div(torch.sub(db, torch.mul(b_unit, torch.sum(torch.mul(b_unit, db), [1], True))), b_norm)
    grad = torch.stack([torch.t(da), torch.t(db)], 0)
    value = torch.div(torch.add(forth, back), 2.)
    return [value, torch.contiguous(torch.view(grad, torch.size(descriptors))), torch.add(forth_temperature, back_temperature)]

  def stack_maps(self: __torch__.Ops, maps: List[Tensor]) -> Tensor:
    return torch.cat(maps, 0)

  def split(self: __torch__.Ops, joined: Tensor, first: int) -> List[Tensor]:
    return [torch.contiguous(torch.narrow(joined, 0, 0, first)), torch.contiguous(torch.narrow(joined, 0, first, torch.sub(torch.size(joined, 0), first)))]
