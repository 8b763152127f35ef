  def conv(self: __torch__.Ops, x: Tensor, weight: Tensor, bias: Tensor, stride: int, pad: int) -> Tensor:
    return torch.conv2d(x, weight, bias, [stride, stride], [pad, pad], [1, 1], 1)

  def linear(self: __torch__.Ops, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
    return torch.linear(x, weight, bias)

