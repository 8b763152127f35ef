  def step(self: __torch__.Ops, parameter: Tensor, grad: Tensor, exp_avg: Tensor, exp_avg_sq: Tensor, lr: float, decay: float, beta1: float, beta2: float, eps: float, correction1: float, correction2: float) -> bool:
    _0 = torch.mul_(parameter, torch.sub(1., torch.mul(lr, decay)))
    _1 = torch.lerp_(exp_avg, grad, torch.sub(1., beta1))
    _2 = torch.addcmul_(torch.mul_(exp_avg_sq, beta2), grad, grad, value=torch.sub(1., beta2))
    denominator = torch.add_(torch.div_(torch.sqrt(exp_avg_sq), torch.sqrt(correction2)), eps)
    _3 = torch.addcdiv_(parameter, exp_avg, denominator, value=torch.neg(torch.div(lr, correction1)))
    return True
