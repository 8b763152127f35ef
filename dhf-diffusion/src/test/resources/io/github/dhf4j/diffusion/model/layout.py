  def lies_channels_last(self: __torch__.Ops, x: Tensor) -> bool:
    last = False
    if torch.__not__(torch.is_contiguous(x)):
      last = torch.is_contiguous(x, memory_format=2)
    return last

  def channels_last(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.contiguous(x, memory_format=2)
