  def autoencoder_loss(self: __torch__.Ops, decoded: Tensor, pixels: Tensor, moments: Tensor, slopes: float, divergence: float) -> Tensor:
    d = torch.sub(decoded, pixels)
    across = torch.sub(torch.slice(d, 3, 1), torch.slice(d, 3, 0, -1))
    down = torch.sub(torch.slice(d, 2, 1), torch.slice(d, 2, 0, -1))
    loss = torch.add(torch.mean(torch.abs(d)), torch.mean(torch.square(d)))
    loss = torch.add(loss, torch.mul(torch.add(torch.mean(torch.abs(across)), torch.mean(torch.abs(down))), slopes))
    mean, logvar = torch.chunk(moments, 2, 1)
    logvar = torch.clamp(logvar, -30., 20.)
    kl = torch.mul(torch.sub(torch.sub(torch.add(torch.square(mean), torch.exp(logvar)), 1.), logvar), 0.5)
    return torch.add(loss, torch.mul(torch.mean(kl), divergence))

  def sample(self: __torch__.Ops, moments: Tensor, noise: Tensor) -> Tensor:
    mean, logvar = torch.chunk(moments, 2, 1)
    return torch.add(mean, torch.mul(torch.exp(torch.mul(torch.clamp(logvar, -30., 20.), 0.5)), noise))

  def noisy_latents(self: __torch__.Ops, moments: Tensor, pictures: Tensor, sample: Tensor, noise: Tensor, alphas: Tensor, scale: float) -> Tensor:
    clean = torch.mul(self.sample(torch.index_select(moments, 0, pictures), sample), scale)
    a = torch.view(alphas, [-1, 1, 1, 1])
    return torch.add(torch.mul(clean, torch.sqrt(a)), torch.mul(noise, torch.sqrt(torch.rsub(a, 1.))))

  def offset(self: __torch__.Ops, noise: Tensor, offset: Tensor, deviation: float) -> Tensor:
    return torch.add(noise, torch.mul(offset, deviation))

  def squared_difference(self: __torch__.Ops, a: Tensor, b: Tensor, weights: Tensor) -> Tensor:
    each = torch.mean(torch.square(torch.sub(a, b)), [1, 2, 3])
    return torch.mean(torch.mul(each, weights))

  def deviation(self: __torch__.Ops, moments: Tensor) -> Tensor:
    mean, logvar = torch.chunk(moments, 2, 1)
    variance = torch.add(torch.var(mean), torch.mean(torch.exp(torch.clamp(logvar, -30., 20.))))
    return torch.sqrt(variance)

  def put(self: __torch__.Ops, all: Tensor, begin: int, part: Tensor) -> bool:
    _ = torch.copy_(torch.narrow(all, 0, begin, torch.size(part, 0)), part)
    return True
