  def group_norm_silu(self: __torch__.Ops, x: Tensor, groups: int, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
    return torch.silu_(self.group_norm(x, groups, weight, bias, eps))

  def sinusoids(self: __torch__.Ops, values: Tensor, dim: int, flip_sin_to_cos: bool, freq_shift: float) -> Tensor:
    half = torch.floordiv(dim, 2)
    exponent = torch.mul(torch.arange(half, dtype=6, device=values.device), -9.210340371976184)
    emb = torch.exp(torch.div(exponent, torch.sub(half, freq_shift)))
    emb = torch.mul(torch.unsqueeze(values, 1), torch.unsqueeze(emb, 0))
    sin = torch.sin(emb)
    cos = torch.cos(emb)
    if flip_sin_to_cos:
      emb = torch.cat([cos, sin], 1)
    else:
      emb = torch.cat([sin, cos], 1)
    return emb

  def timestep(self: __torch__.Ops, timestep: float, w: List[Tensor]) -> Tensor:
    return torch.full([1], timestep, dtype=6, device=w[0].device)

  def timestep_embedding(self: __torch__.Ops, timesteps: Tensor, w: List[Tensor], flip_sin_to_cos: bool, freq_shift: float, guidance: List[Tensor], added: List[Tensor]) -> Tensor:
    emb = torch.to(self.sinusoids(timesteps, torch.size(w[0], 1), flip_sin_to_cos, freq_shift), w[0].dtype)
    if torch.gt(torch.len(guidance), 0):
      emb = torch.add(emb, guidance[0])
    emb = torch.silu(torch.linear(emb, w[0], w[1]))
    emb = torch.linear(emb, w[2], w[3])
    if torch.gt(torch.len(added), 0):
      emb = torch.add(emb, added[0])
    return torch.silu(emb)

  def guidance_embedding(self: __torch__.Ops, scale: float, w: List[Tensor]) -> List[Tensor]:
    values = torch.mul(torch.sub(self.timestep(scale, w), 1.), 1000.)
    return [torch.linear(torch.to(self.sinusoids(values, torch.size(w[4], 1), False, 1.), w[4].dtype), w[4])]

  def text_time_embedding(self: __torch__.Ops, pooled: Tensor, time_ids: Tensor, w: List[Tensor], dim: int, flip_sin_to_cos: bool, freq_shift: float) -> List[Tensor]:
    ids = self.sinusoids(torch.flatten(time_ids), dim, flip_sin_to_cos, freq_shift)
    emb = torch.to(torch.cat([pooled, torch.reshape(ids, [torch.size(time_ids, 0), -1])], 1), w[0].dtype)
    emb = torch.silu(torch.linear(emb, w[0], w[1]))
    return [torch.linear(emb, w[2], w[3])]

  def conv_in(self: __torch__.Ops, x: Tensor, w: List[Tensor]) -> Tensor:
    x = torch.to(x, w[1].dtype)
    if self.wants_channels_last(x.dtype, w[0]):
      x = torch.contiguous(x, memory_format=2)
    return self.conv(x, w[0], w[1], 1, 1)

  def wants_channels_last(self: __torch__.Ops, type: int, weight: Tensor) -> bool:
    wants = True
    if torch.ne(type, 15):
      wants = False
      if torch.__not__(weight.is_mkldnn):
        if torch.__not__(torch.is_contiguous(weight)):
          wants = torch.is_contiguous(weight, memory_format=2)
    return wants

  def conv_1x1(self: __torch__.Ops, x: Tensor, w: List[Tensor]) -> Tensor:
    return torch.conv2d(torch.to(x, w[1].dtype), w[0], w[1])

  def norm_conv_out(self: __torch__.Ops, x: Tensor, w: List[Tensor], groups: int, eps: float) -> Tensor:
    return torch.to(self.conv(self.group_norm_silu(x, groups, w[0], w[1], eps), w[2], w[3], 1, 1), 6)

  def wide(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.to(x, 6)

  def resnet_body(self: __torch__.Ops, x: Tensor, temb: List[Tensor], w: List[Tensor], groups: int, eps: float) -> Tensor:
    h = self.conv(self.group_norm_silu(x, groups, w[0], w[1], eps), w[2], w[3], 1, 1)
    if torch.gt(torch.len(temb), 0):
      n = 6
      shift = self.rows(torch.linear(temb[0], w[4], w[5]), torch.size(x, 0))
      h = torch.add_(h, torch.unsqueeze(torch.unsqueeze(shift, -1), -1))
    else:
      n = 4
    h = self.group_norm_silu(h, groups, w[n], w[n + 1], eps)
    return self.conv(h, w[n + 2], w[n + 3], 1, 1)

  def resnet_shortcut(self: __torch__.Ops, x: Tensor, w: List[Tensor], n: int) -> Tensor:
    if torch.gt(torch.len(w), n):
      x = torch.conv2d(x, w[n], w[n + 1])
    return x

  def resnet(self: __torch__.Ops, x: Tensor, temb: Tensor, w: List[Tensor], groups: int, eps: float) -> Tensor:
    h = self.resnet_body(x, [temb], w, groups, eps)
    return torch.add_(h, self.resnet_shortcut(x, w, 10))

  def resnet_up(self: __torch__.Ops, x: Tensor, skip: Tensor, temb: Tensor, w: List[Tensor], groups: int, eps: float, tap: bool, last: bool) -> List[Tensor]:
    joined = torch.cat([x, skip], 1)
    h = self.resnet_body(joined, [temb], w, groups, eps)
    if last:
      result = [torch.to(h, 6)]
    else:
      shortcut = self.resnet_shortcut(joined, w, 10)
      if tap:
        result = [torch.to(h, 6), torch.add(shortcut, h)]
      else:
        result = [torch.add_(h, shortcut)]
    return result

  def resnet_plain(self: __torch__.Ops, x: Tensor, scratch: Tensor, w: List[Tensor], groups: int, eps: float) -> Tensor:
    if self.is_too_large(x):
      h = self.resnet_bands(x, scratch, w, groups, eps)
    else:
      h = self.resnet_body(x, annotate(List[Tensor], []), w, groups, eps)
      h = torch.add_(h, self.resnet_shortcut(x, w, 8))
    return h

  def downsample(self: __torch__.Ops, x: Tensor, w: List[Tensor], pad: int) -> Tensor:
    if torch.eq(pad, 0):
      if self.is_too_large(x):
        y = self.downsample_bands(x, w)
      else:
        y = self.conv(torch.constant_pad_nd(x, [0, 1, 0, 1], 0), w[0], w[1], 2, 0)
    else:
      y = self.conv(x, w[0], w[1], 2, pad)
    return y

  def upsample(self: __torch__.Ops, x: Tensor, w: List[Tensor], size: List[int]) -> Tensor:
    return self.conv(torch.upsample_nearest2d(x, size, None), w[0], w[1], 1, 1)

  def text_keys_values(self: __torch__.Ops, text: Tensor, w: List[Tensor], heads: int, depth: int) -> List[Tensor]:
    kv = annotate(List[Tensor], [])
    text = torch.to(text, w[0].dtype)
    for i in range(depth):
      o = 4 + i * 20
      _ = torch.append(kv, torch.contiguous(self.heads(torch.linear(text, w[o + 10]), heads)))
      _0 = torch.append(kv, torch.contiguous(self.heads(torch.linear(text, w[o + 11]), heads)))
    return kv

  def rows(self: __torch__.Ops, x: Tensor, batch: int) -> Tensor:
    n = torch.size(x, 0)
    if torch.gt(n, 1):
      if torch.ne(n, batch):
        # each is told to an equal part of the batch
        parts = annotate(List[Tensor], [])
        for i in range(torch.floordiv(batch, n)):
          _ = torch.append(parts, x)
        x = torch.flatten(torch.stack(parts, 1), 0, 1)
    return x

  def transformer(self: __torch__.Ops, x: Tensor, w: List[Tensor], kv: List[Tensor], heads: int, groups: int, depth: int) -> Tensor:
    b = torch.size(x, 0)
    c = torch.size(x, 1)
    height = torch.size(x, 2)
    width = torch.size(x, 3)
    h = self.group_norm(x, groups, w[0], w[1], 1e-06)
    h = torch.reshape(torch.permute(h, [0, 2, 3, 1]), [b, height * width, c])
    h = self.linear(h, w[2], w[3])
    inner = torch.size(h, 2)
    for i in range(depth):
      o = 4 + i * 20
      n = torch.layer_norm(h, [inner], w[o], w[o + 1], 1e-05, False)
      q = self.heads(self.linear(n, w[o + 2], None), heads)
      k = self.heads(self.linear(n, w[o + 3], None), heads)
      v = self.heads(self.linear(n, w[o + 4], None), heads)
      h = torch.add_(self.linear(self.attend(q, k, v, False), w[o + 5], w[o + 6]), h)
      n = torch.layer_norm(h, [inner], w[o + 7], w[o + 8], 1e-05, False)
      q = self.heads(self.linear(n, w[o + 9], None), heads)
      k = torch.expand(self.rows(kv[2 * i], b), [b, -1, -1, -1])
      v = torch.expand(self.rows(kv[2 * i + 1], b), [b, -1, -1, -1])
      h = torch.add_(self.linear(self.attend(q, k, v, False), w[o + 12], w[o + 13]), h)
      n = torch.layer_norm(h, [inner], w[o + 14], w[o + 15], 1e-05, False)
      n = self.linear(n, w[o + 16], w[o + 17])
      value, gate = torch.chunk(n, 2, -1)
      n = torch.mul(torch.gelu(gate), value)
      h = torch.add_(self.linear(n, w[o + 18], w[o + 19]), h)
    n0 = 4 + depth * 20
    h = self.linear(h, w[n0], w[n0 + 1])
    h = torch.permute(torch.reshape(h, [b, height, width, c]), [0, 3, 1, 2])
    if torch.is_contiguous(x):
      h = torch.contiguous(h)
    return torch.add(h, x)

  def vae_attention(self: __torch__.Ops, x: Tensor, w: List[Tensor], groups: int, eps: float) -> Tensor:
    b = torch.size(x, 0)
    c = torch.size(x, 1)
    h = self.group_norm(x, groups, w[0], w[1], eps)
    h = torch.transpose(torch.reshape(h, [b, c, -1]), 1, 2)
    q = self.heads(torch.linear(h, w[2], w[3]), 1)
    k = self.heads(torch.linear(h, w[4], w[5]), 1)
    v = self.heads(torch.linear(h, w[6], w[7]), 1)
    h = torch.linear(self.attend(q, k, v, False), w[8], w[9])
    return torch.add(torch.view_as(torch.contiguous(torch.transpose(h, 1, 2)), x), x)

  def clip_layers(self: __torch__.Ops, ids: Tensor, w: List[Tensor], heads: int, layers: int, quick_gelu: bool, eps: float) -> Tensor:
    n = torch.size(ids, 1)
    # the gradient keeps the ids, and the caller's memory may be gone by then
    h = torch.add(torch.embedding(w[0], torch.clone(ids)), torch.slice(w[1], 0, 0, n))
    dim = torch.size(h, 2)
    for i in range(layers):
      o = 2 + i * 16
      x = torch.layer_norm(h, [dim], w[o], w[o + 1], eps, False)
      q = self.heads(torch.linear(x, w[o + 2], w[o + 3]), heads)
      k = self.heads(torch.linear(x, w[o + 4], w[o + 5]), heads)
      v = self.heads(torch.linear(x, w[o + 6], w[o + 7]), heads)
      h = torch.add(h, torch.linear(self.attend(q, k, v, True), w[o + 8], w[o + 9]))
      x = torch.layer_norm(h, [dim], w[o + 10], w[o + 11], eps, False)
      x = torch.linear(x, w[o + 12], w[o + 13])
      if quick_gelu:
        x = torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))
      else:
        x = torch.gelu(x)
      h = torch.add(h, torch.linear(x, w[o + 14], w[o + 15]))
    return h

  def clip_text(self: __torch__.Ops, ids: Tensor, w: List[Tensor], heads: int, layers: int, quick_gelu: bool, eps: float) -> Tensor:
    h = self.clip_layers(ids, w, heads, layers, quick_gelu, eps)
    e = 2 + layers * 16
    return torch.layer_norm(h, [torch.size(h, 2)], w[e], w[e + 1], eps, False)

  def clip_pooled(self: __torch__.Ops, last: Tensor, place: int, w: List[Tensor]) -> Tensor:
    return torch.linear(torch.select(last, 1, place), w[0])

  def encode_pixels(self: __torch__.Ops, pixels: Tensor) -> Tensor:
    x = torch.permute(torch.to(pixels, 6), [0, 3, 1, 2])
    return torch.contiguous(torch.sub(torch.mul(torch.div(x, 255.), 2.), 1.))

  def latent_unscaled(self: __torch__.Ops, latents: Tensor, scale: float) -> Tensor:
    return torch.div(latents, scale)

  def latent_mean(self: __torch__.Ops, moments: Tensor, scale: float) -> Tensor:
    mean, logvar = torch.chunk(torch.to(moments, 6), 2, 1)
    return torch.mul(mean, scale)

  def latent_sample(self: __torch__.Ops, moments: Tensor, noise: Tensor, scale: float) -> Tensor:
    mean, logvar = torch.chunk(torch.to(moments, 6), 2, 1)
    std = torch.exp(torch.mul(torch.clamp(logvar, -30., 20.), 0.5))
    return torch.mul(torch.add(mean, torch.mul(std, noise)), scale)

  def add_noise(self: __torch__.Ops, x: Tensor, noise: Tensor, alpha: float) -> Tensor:
    return torch.add(torch.mul(x, torch.sqrt(alpha)), torch.mul(noise, torch.sqrt(1. - alpha)))

  def guide(self: __torch__.Ops, uncond: Tensor, cond: Tensor, guidance: float) -> Tensor:
    return torch.add(uncond, torch.mul(torch.sub(cond, uncond), guidance))

  def guide_halves(self: __torch__.Ops, output: Tensor, guidance: float) -> Tensor:
    uncond, cond = torch.chunk(output, 2, 0)
    return self.guide(uncond, cond, guidance)

  def second_half(self: __torch__.Ops, x: Tensor) -> Tensor:
    first, second = torch.chunk(x, 2, 0)
    return second

  def stacked(self: __torch__.Ops, first: List[Tensor], second: List[Tensor]) -> List[Tensor]:
    both = annotate(List[Tensor], [])
    for i in range(torch.len(first)):
      _ = torch.append(both, torch.cat([first[i], second[i]], 0))
    return both

  def ddim_step(self: __torch__.Ops, x: Tensor, output: Tensor, alpha: float, alpha_next: float, v_prediction: bool) -> Tensor:
    if v_prediction:
      eps = torch.add(torch.mul(output, torch.sqrt(alpha)), torch.mul(x, torch.sqrt(1. - alpha)))
      x0 = torch.sub(torch.mul(x, torch.sqrt(alpha)), torch.mul(output, torch.sqrt(1. - alpha)))
    else:
      eps = output
      x0 = torch.div(torch.sub(x, torch.mul(eps, torch.sqrt(1. - alpha))), torch.sqrt(alpha))
    return torch.add(torch.mul(x0, torch.sqrt(alpha_next)), torch.mul(eps, torch.sqrt(1. - alpha_next)))
