  def convolved(self: __torch__.Ops, x: Tensor, w: List[Tensor]) -> Tensor:
    return self.conv(x, w[0], w[1], 1, 1)

  def projected(self: __torch__.Ops, x: Tensor, w: List[Tensor]) -> Tensor:
    return self.linear(x, w[2], w[3])

  def is_packed(self: __torch__.Ops, w: List[Tensor], place: int) -> bool:
    return w[place].is_mkldnn
