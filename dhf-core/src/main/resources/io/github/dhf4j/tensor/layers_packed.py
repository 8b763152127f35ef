  def conv(self: __torch__.Ops, x: Tensor, weight: Tensor, bias: Tensor, stride: int, pad: int) -> Tensor:
    if weight.is_mkldnn:
      attr = annotate(List[Optional[number]], [])
      y = ops.mkldnn._convolution_pointwise(x, weight, bias, [pad, pad], [stride, stride], [1, 1], 1, "none", attr, "")
    else:
      y = torch.conv2d(x, weight, bias, [stride, stride], [pad, pad], [1, 1], 1)
    return y

  def pack(self: __torch__.Ops, weights: List[Tensor], which: List[int], stride: int, pad: int, size: List[int]) -> List[Tensor]:
    packed = annotate(List[Tensor], [])
    for i in range(torch.len(weights)):
      w = weights[i]
      if torch.__contains__(which, i):
        channels = torch.size(w, 1)
        w = ops.mkldnn._reorder_convolution_weight(w, [pad, pad], [stride, stride], [1, 1], 1, [size[0], channels, size[1], size[2]])
      _ = torch.append(packed, w)
    return packed

  def linear(self: __torch__.Ops, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
    if weight.is_mkldnn:
      attr = annotate(List[Optional[number]], [])
      y = ops.mkldnn._linear_pointwise(x, weight, bias, "none", attr, "")
    else:
      y = torch.linear(x, weight, bias)
    return y

  def pack_linear(self: __torch__.Ops, weights: List[Tensor], which: List[int], rows: int) -> List[Tensor]:
    packed = annotate(List[Tensor], [])
    for i in range(torch.len(weights)):
      w = weights[i]
      if torch.__contains__(which, i):
        w = ops.mkldnn._reorder_linear_weight(w, rows)
      _ = torch.append(packed, w)
    return packed

