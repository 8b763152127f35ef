  def step(self: __torch__.Ops, parameters: List[Tensor], grads: List[Tensor], exp_avgs: List[Tensor], exp_avg_sqs: List[Tensor], step: float, lr: float, decay: float, beta1: float, beta2: float, eps: float) -> bool:
    plain = annotate(List[Tensor], [])
    steps = annotate(List[Tensor], [])
    count = torch.full([], step, dtype=6, layout=0, device=ops.prim.device(parameters[0]))
    for i in range(torch.len(grads)):
      if torch.__not__(torch.is_contiguous(parameters[i])):
        ops.prim.RaiseException("parameters must be contiguous")
      _0 = torch.append(plain, torch.contiguous(grads[i]))
      _2 = torch.append(steps, count)
    none = annotate(List[Tensor], [])
    _1 = torch._fused_adamw_(parameters, plain, exp_avgs, exp_avg_sqs, none, steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
    return True
