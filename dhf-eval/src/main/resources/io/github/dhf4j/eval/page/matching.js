// Nearest neighbours by cosine over descriptor maps, as dhf-core's CosineMatcher finds them: the inner product with an
// interpolated map is the interpolation of the inner products with its cells. No page is needed here.

/** Bilinear interpolation along one axis with half-pixel centres: between which cells each pixel lies, and how far. */
function axis(cells, pixels, from, to) {
  const low = new Int32Array(pixels);
  const fraction = new Float32Array(pixels);
  const scale = Math.fround(cells / (to - from) / pixels);
  const offset = Math.fround(0.5 + cells * from / (to - from));
  for (let i = 0; i < pixels; i++) {
    const at = Math.max(Math.fround(Math.fround(scale * Math.fround(i + 0.5)) - offset), 0);
    const cell = Math.min(Math.floor(at), cells - 1);
    low[i] = cell;
    fraction[i] = cell === cells - 1 ? 0 : at - cell;
  }
  return {low: low, fraction: fraction};
}

/** Half to even, as Java's Math.rint. */
function rint(x) {
  const down = Math.floor(x);
  const rest = x - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

/** The grid's column or row of a coordinate of the image. */
function toGrid(at, image, grid) {
  return Math.max(0, Math.min(grid - 1, rint(at * grid / image)));
}

/** A map ready to be searched; cells holds the descriptors one after another, each times its scale. */
function searchable(map) {
  const norms = new Float32Array(map.gridWidth * map.gridHeight);
  const across = axis(map.columns, map.gridWidth, map.extent[0], map.extent[2]);
  const down = axis(map.rows, map.gridHeight, map.extent[1], map.extent[3]);
  const count = map.columns * map.rows;
  function neighbours(from, to) {
    const sums = new Float64Array(count);
    for (let p = 0; p < count - Math.max(from, to); p++) {
      let sum = 0;
      const a = (p + from) * map.channels;
      const b = (p + to) * map.channels;
      for (let c = 0; c < map.channels; c++) {
        sum += map.cells[a + c] * map.cells[b + c];
      }
      sums[p] = sum * map.scales[p + from] * map.scales[p + to];
    }
    return sums;
  }
  const w = map.columns;
  const own = neighbours(0, 0);
  const right = neighbours(0, 1);
  const below = neighbours(0, w);
  const diagonal = neighbours(0, w + 1);
  const anti = neighbours(1, w);
  let i = 0;
  for (let y = 0; y < map.gridHeight; y++) {
    const v = down.fraction[y];
    const step = v > 0 ? w : 0;
    for (let x = 0; x < map.gridWidth; x++, i++) {
      const u = across.fraction[x];
      const p = down.low[y] * w + across.low[x];
      const q = u > 0 ? p + 1 : p;
      const a = (1 - u) * (1 - v);
      const b = u * (1 - v);
      const c = (1 - u) * v;
      const d = u * v;
      const squared = a * a * own[p] + b * b * own[q] + c * c * own[p + step] + d * d * own[q + step]
          + 2 * (a * b * right[p] + a * c * below[p] + a * d * diagonal[p] + b * c * anti[p] + b * d * below[q]
              + c * d * right[p + step]);
      norms[i] = 1 / Math.sqrt(Math.max(squared, 1e-12));
    }
  }
  return {map: map, across: across, down: down, norms: norms};
}

/** The interpolated descriptor at a pixel of the grid, at length 1. */
function descriptorAt(target, x, y) {
  const map = target.map;
  const u = target.across.fraction[x];
  const v = target.down.fraction[y];
  const p = target.down.low[y] * map.columns + target.across.low[x];
  const q = u > 0 ? p + 1 : p;
  const step = v > 0 ? map.columns : 0;
  const parts = [[p, (1 - u) * (1 - v)], [q, u * (1 - v)], [p + step, (1 - u) * v], [q + step, u * v]];
  const sum = new Float64Array(map.channels);
  parts.forEach(part => {
    const weight = part[1] * map.scales[part[0]];
    const base = part[0] * map.channels;
    for (let c = 0; c < map.channels; c++) {
      sum[c] += weight * map.cells[base + c];
    }
  });
  let squared = 0;
  for (let c = 0; c < map.channels; c++) {
    squared += sum[c] * sum[c];
  }
  const scale = 1 / Math.max(Math.sqrt(squared), 1e-12);
  const unit = new Float32Array(map.channels);
  for (let c = 0; c < map.channels; c++) {
    unit[c] = sum[c] * scale;
  }
  return unit;
}

/** Cosines of a descriptor with every pixel of the grid, row by row. */
function cosines(target, descriptor) {
  const map = target.map;
  const products = new Float32Array(map.columns * map.rows);
  for (let p = 0, base = 0; p < products.length; p++, base += map.channels) {
    let sum = 0;
    for (let c = 0; c < map.channels; c++) {
      sum += descriptor[c] * map.cells[base + c];
    }
    products[p] = sum * map.scales[p];
  }
  const rows = new Float32Array(map.rows * map.gridWidth);
  for (let y = 0, i = 0; y < map.rows; y++) {
    for (let x = 0; x < map.gridWidth; x++, i++) {
      const p = y * map.columns + target.across.low[x];
      const u = target.across.fraction[x];
      rows[i] = u > 0 ? products[p] * (1 - u) + products[p + 1] * u : products[p];
    }
  }
  const result = new Float32Array(map.gridWidth * map.gridHeight);
  for (let y = 0, i = 0; y < map.gridHeight; y++) {
    const v = target.down.fraction[y];
    const upper = target.down.low[y] * map.gridWidth;
    const lower = v > 0 ? upper + map.gridWidth : upper;
    for (let x = 0; x < map.gridWidth; x++, i++) {
      result[i] = (rows[upper + x] * (1 - v) + rows[lower + x] * v) * target.norms[i];
    }
  }
  return result;
}

/** The place of the highest, first of equals. */
function argMax(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (values[i] > values[best]) {
      best = i;
    }
  }
  return best;
}

/** Where a point of one image is in another: the place in the target's own pixels, its cosine, all cosines. */
function match(source, target, x, y) {
  const from = source.map;
  const to = target.map;
  const descriptor = descriptorAt(
      source, toGrid(x, from.imageWidth, from.gridWidth), toGrid(y, from.imageHeight, from.gridHeight));
  const heat = cosines(target, descriptor);
  const best = argMax(heat);
  const row = Math.floor(best / to.gridWidth);
  return {
    x: (best - row * to.gridWidth) * to.imageWidth / to.gridWidth,
    y: row * to.imageHeight / to.gridHeight,
    cosine: heat[best],
    heat: heat,
    best: best
  };
}

/** By how much the best cosine is above the highest more than a tenth of the longer side away; 0 without such a place. */
function margin(target, heat, best) {
  const map = target.map;
  const pixelX = map.imageWidth / map.gridWidth;
  const pixelY = map.imageHeight / map.gridHeight;
  const radius = 0.1 * Math.max(map.imageWidth, map.imageHeight);
  const row = Math.floor(best / map.gridWidth);
  const column = best - row * map.gridWidth;
  let elsewhere = -Infinity;
  for (let y = 0, i = 0; y < map.gridHeight; y++) {
    const down = pixelY * (y - row);
    const room = radius * radius - down * down;
    for (let x = 0; x < map.gridWidth; x++, i++) {
      const across = pixelX * (x - column);
      if (heat[i] > elsewhere && across * across > room) {
        elsewhere = heat[i];
      }
    }
  }
  return elsewhere === -Infinity ? 0 : heat[best] - elsewhere;
}

/** How likely a match lies within a tenth of the image, if it is there at all, as dhf-core's ConfidenceModel has it. */
function confidence(coefficients, source, target, x, y, found) {
  const from = source.map;
  const row = Math.floor(found.best / target.map.gridWidth);
  const back = argMax(cosines(source, descriptorAt(target, found.best - row * target.map.gridWidth, row)));
  const rowBack = Math.floor(back / from.gridWidth);
  const across = (back - rowBack * from.gridWidth - toGrid(x, from.imageWidth, from.gridWidth))
      * from.imageWidth / from.gridWidth;
  const down = (rowBack - toGrid(y, from.imageHeight, from.gridHeight)) * from.imageHeight / from.gridHeight;
  const wayBack = Math.sqrt(across * across + down * down) / Math.max(from.imageWidth, from.imageHeight);
  let all = 0;
  let squares = 0;
  for (const cosine of found.heat) {
    all += cosine;
    squares += cosine * cosine;
  }
  const level = all / found.heat.length;
  const spread = Math.sqrt(Math.max(0, squares / found.heat.length - level * level));
  const sum = coefficients[0] + coefficients[1] * found.cosine
      + coefficients[2] * Math.log(Math.max(margin(target, found.heat, found.best), 0) + 0.001)
      + coefficients[3] * Math.exp(-wayBack / 0.1) + coefficients[4] * level + coefficients[5] * spread;
  return 1 / (1 + Math.exp(-sum));
}
