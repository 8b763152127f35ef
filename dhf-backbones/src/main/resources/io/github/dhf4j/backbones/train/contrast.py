  def contrast(self: __torch__.Ops, tokens: Tensor, w: List[Tensor], targets: Tensor, temperature: float) -> Tensor:
    h = torch.gelu(torch.linear(torch.slice(tokens, 1, 1), w[0], w[1]))
    h = torch.linear(h, w[2], w[3])
    z = torch.div(h, torch.clamp_min(torch.norm(h, 2, [2], True), 1.0e-06))
    # of each two views the other one
    others = torch.flatten(torch.flip(torch.unflatten(z, 0, [-1, 2]), [1]), 0, 1)
    scores = torch.div(torch.matmul(z, torch.transpose(others, 1, 2)), temperature)
    found = torch.sum(torch.mul(targets, torch.log_softmax(scores, 2)))
    return torch.neg(torch.div(found, torch.clamp_min(torch.sum(targets), 1.)))
