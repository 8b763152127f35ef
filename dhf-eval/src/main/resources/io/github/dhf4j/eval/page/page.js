// The page around matching.js: pictures, pointer, keys, pinned points, downloads.

const data = JSON.parse(document.getElementById("data").textContent);
const COLOURS = ["#ff5a4f", "#ffd23f", "#4fd6ff", "#7dff6b", "#ff8af0", "#ffa447", "#b7a3ff", "#e9e9e9"];
const STOPS = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
const element = id => document.getElementById(id);
const panels = [];
const pins = [];
let maps = 0;
let hover = null;
let waiting = false;

function bytes(text) {
  const raw = atob(text);
  const result = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) {
    result[i] = raw.charCodeAt(i);
  }
  return result;
}

/** The maps of a panel as matching.js takes them, made at first need. */
function target(panel) {
  if (!panel.targets[maps]) {
    const packed = data.maps[maps].of[panel.index];
    panel.targets[maps] = searchable({
      columns: packed.columns, rows: packed.rows, channels: data.maps[maps].channels,
      gridWidth: packed.grid[0], gridHeight: packed.grid[1], extent: packed.extent,
      imageWidth: panel.width, imageHeight: panel.height,
      cells: new Int8Array(bytes(packed.cells).buffer),
      scales: new Float32Array(bytes(packed.scales).buffer)
    });
  }
  return panel.targets[maps];
}

/** What the other panels have for a point of one, and how sure that is. */
function found(panel, x, y) {
  return panels.map(other => {
    if (other === panel) {
      return null;
    }
    const result = match(target(panel), target(other), x, y);
    result.sure = confidence(data.maps[maps].confidence, target(panel), target(other), x, y, result);
    return result;
  });
}

function colour(t) {
  const at = Math.max(0, Math.min(1, t)) * (STOPS.length - 1);
  const i = Math.min(Math.floor(at), STOPS.length - 2);
  return STOPS[i].map((from, c) => from + (STOPS[i + 1][c] - from) * (at - i));
}

const PALETTE = Array.from({length: 256}, (_, i) => colour(i / 255));

function drawHeat(panel, result) {
  const grid = target(panel).map;
  const canvas = panel.heat;
  canvas.width = grid.gridWidth;
  canvas.height = grid.gridHeight;
  const pixels = new ImageData(grid.gridWidth, grid.gridHeight);
  let low = Infinity;
  let high = -Infinity;
  for (const value of result.heat) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = Math.max(high - low, 1e-9);
  for (let i = 0, j = 0; i < result.heat.length; i++) {
    const rgb = PALETTE[Math.round((result.heat[i] - low) / range * 255)];
    pixels.data[j++] = rgb[0];
    pixels.data[j++] = rgb[1];
    pixels.data[j++] = rgb[2];
    pixels.data[j++] = 166;
  }
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}

function cross(g, x, y, size, colourOfIt) {
  for (const [style, width] of [["#000", size / 3], [colourOfIt, size / 6]]) {
    g.strokeStyle = style;
    g.lineWidth = width;
    g.beginPath();
    g.moveTo(x - size, y);
    g.lineTo(x + size, y);
    g.moveTo(x, y - size);
    g.lineTo(x, y + size);
    g.stroke();
  }
}

function dot(g, x, y, size, pin, first, sure) {
  g.globalAlpha = sure === null || sure >= limit() ? 1 : 0.35;
  g.beginPath();
  g.arc(x, y, size, 0, 2 * Math.PI);
  g.fillStyle = pin.colour;
  g.fill();
  g.lineWidth = size / (first ? 3 : 6);
  g.strokeStyle = first ? "#fff" : "#000";
  g.stroke();
  g.fillStyle = "#000";
  g.font = "bold " + Math.round(size * 1.2) + "px sans-serif";
  g.textAlign = "center";
  g.textBaseline = "middle";
  g.fillText(pin.number, x, y);
  g.globalAlpha = 1;
}

function limit() {
  return Number(element("sure").value);
}

/** Marks in the picture's own pixels, times the scale. */
function drawMarks(panel, g, scale, size) {
  for (const pin of pins) {
    const place = pin.panel === panel ? pin : pin.found[panel.index];
    dot(g, place.x * scale, place.y * scale, size, pin, pin.panel === panel, pin.panel === panel ? null : place.sure);
  }
}

function percent(sure) {
  return Math.round(sure * 100) + "%";
}

function words(place) {
  return place.x.toFixed(1) + ", " + place.y.toFixed(1) + "  cosine " + place.cosine.toFixed(3)
      + ", " + percent(place.sure) + " sure";
}

function draw() {
  const begun = performance.now();
  const results = hover ? found(hover.panel, hover.x, hover.y) : [];
  for (const panel of panels) {
    const box = panel.root.getBoundingClientRect();
    const density = window.devicePixelRatio || 1;
    panel.marks.width = Math.round(box.width * density);
    panel.marks.height = Math.round(box.height * density);
    const g = panel.marks.getContext("2d");
    const scale = panel.marks.width / panel.width;
    const size = 11 * density;
    const result = results[panel.index];
    panel.heat.style.display = result && element("heat").checked ? "" : "none";
    if (result && element("heat").checked) {
      drawHeat(panel, result);
    }
    panel.colours.style.display = element("colours").checked ? "" : "none";
    if (element("colours").checked) {
      drawColours(panel);
    }
    drawMarks(panel, g, scale, size);
    if (result) {
      g.globalAlpha = result.sure >= limit() ? 1 : 0.35;
      cross(g, result.x * scale, result.y * scale, size, "#fff");
      g.globalAlpha = 1;
      panel.said.textContent = words(result);
    } else if (hover && hover.panel === panel) {
      cross(g, hover.x * scale, hover.y * scale, size * 0.7, "#fff");
      panel.said.textContent = hover.x.toFixed(1) + ", " + hover.y.toFixed(1);
    } else {
      panel.said.textContent = "";
    }
  }
  window.dhf.milliseconds = performance.now() - begun;
}

function drawColours(panel) {
  const packed = data.maps[maps].of[panel.index];
  if (panel.coloured === maps) {
    return;
  }
  const rgb = bytes(packed.colours);
  const pixels = new ImageData(packed.columns, packed.rows);
  for (let p = 0; p < packed.columns * packed.rows; p++) {
    pixels.data.set([rgb[3 * p], rgb[3 * p + 1], rgb[3 * p + 2], 255], 4 * p);
  }
  panel.colours.width = packed.columns;
  panel.colours.height = packed.rows;
  panel.colours.getContext("2d").putImageData(pixels, 0, 0);
  const extent = packed.extent;
  Object.assign(panel.colours.style, {
    left: 100 * extent[0] + "%", top: 100 * extent[1] + "%",
    width: 100 * (extent[2] - extent[0]) + "%", height: 100 * (extent[3] - extent[1]) + "%"
  });
  panel.coloured = maps;
}

function later() {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  }
}

function point(panel, x, y) {
  hover = {panel: panel, x: Math.max(0, Math.min(panel.width - 1, x)), y: Math.max(0, Math.min(panel.height - 1, y))};
  later();
}

function pin(panel, x, y) {
  const number = pins.length === 0 ? 1 : pins[pins.length - 1].number + 1;
  pins.push({
    number: number, colour: COLOURS[(number - 1) % COLOURS.length],
    panel: panel, x: x, y: y, found: found(panel, x, y)
  });
  changed();
}

function unpin(place) {
  pins.splice(place, 1);
  changed();
}

function places() {
  return pins.map(pin => ({
    number: pin.number,
    source: {image: pin.panel.name, x: pin.x, y: pin.y},
    targets: panels.filter(panel => panel !== pin.panel).map(panel => {
      const place = pin.found[panel.index];
      return {image: panel.name, x: place.x, y: place.y, similarity: place.cosine, confidence: place.sure};
    })
  }));
}

function cell(row, text, tag) {
  const made = document.createElement(tag || "td");
  made.textContent = text;
  row.append(made);
  return made;
}

function changed() {
  const body = element("points").tBodies[0];
  body.textContent = "";
  pins.forEach((pin, place) => {
    const row = document.createElement("tr");
    const number = cell(row, "");
    const mark = document.createElement("span");
    mark.className = "dot";
    mark.style.background = pin.colour;
    mark.textContent = pin.number;
    number.append(mark);
    for (const panel of panels) {
      const found = pin.found[panel.index];
      const text = cell(row, panel === pin.panel ? pin.x.toFixed(1) + ", " + pin.y.toFixed(1) : words(found));
      text.classList.toggle("doubtful", found !== null && found.sure < limit());
    }
    const away = document.createElement("button");
    away.type = "button";
    away.textContent = "remove";
    away.setAttribute("aria-label", "remove point " + pin.number);
    away.onclick = () => unpin(place);
    cell(row, "").append(away);
    body.append(row);
  });
  element("points").hidden = pins.length === 0;
  later();
}

function again() {
  for (const pin of pins) {
    pin.found = found(pin.panel, pin.x, pin.y);
  }
  changed();
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function asJson() {
  return JSON.stringify({schema: "dhf.page/1", title: document.title, maps: data.maps[maps].name, points: places()}, null, 2);
}

function picture() {
  const height = Math.max(...panels.map(panel => panel.height));
  const widths = panels.map(panel => Math.round(panel.width * height / panel.height));
  const gap = 8;
  const canvas = document.createElement("canvas");
  canvas.width = widths.reduce((sum, width) => sum + width + gap, -gap);
  canvas.height = height;
  const g = canvas.getContext("2d");
  g.fillStyle = "#fff";
  g.fillRect(0, 0, canvas.width, canvas.height);
  let left = 0;
  panels.forEach((panel, i) => {
    g.save();
    g.translate(left, 0);
    g.drawImage(panel.image, 0, 0, widths[i], height);
    drawMarks(panel, g, height / panel.height, Math.max(7, height / 40));
    g.restore();
    left += widths[i] + gap;
  });
  return canvas;
}

function addPanel(of, index) {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const name = document.createElement("span");
  name.textContent = of.name;
  const said = document.createElement("span");
  said.className = "said";
  said.setAttribute("aria-live", "polite");
  caption.append(name, said);
  const root = document.createElement("div");
  root.className = "panel";
  root.tabIndex = 0;
  root.setAttribute("role", "application");
  root.setAttribute("aria-label", of.name + ": choose a point with the pointer or the arrow keys");
  const image = new Image(of.width, of.height);
  image.alt = of.name;
  image.draggable = false;
  image.src = of.picture;
  const layers = ["colours", "heat", "marks"].map(() => document.createElement("canvas"));
  root.append(image, ...layers);
  figure.append(caption, root);
  element("panels").append(figure);
  const panel = {index: index, name: of.name, width: of.width, height: of.height, root: root, image: image, said: said,
    colours: layers[0], heat: layers[1], marks: layers[2], targets: [], coloured: -1};
  panels.push(panel);
  const at = event => {
    const box = root.getBoundingClientRect();
    return [(event.clientX - box.left) * panel.width / box.width, (event.clientY - box.top) * panel.height / box.height];
  };
  root.addEventListener("pointermove", event => point(panel, ...at(event)));
  root.addEventListener("pointerdown", event => point(panel, ...at(event)));
  root.addEventListener("pointerleave", event => {
    if (event.pointerType === "mouse") {
      hover = null;
      later();
    }
  });
  root.addEventListener("click", event => {
    point(panel, ...at(event));
    pin(panel, hover.x, hover.y);
  });
  root.addEventListener("keydown", event => key(panel, event));
}

const MOVES = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

function key(panel, event) {
  const here = hover && hover.panel === panel ? hover : {x: Math.floor(panel.width / 2), y: Math.floor(panel.height / 2)};
  if (MOVES[event.key]) {
    const far = event.shiftKey ? 10 : 1;
    point(panel, here.x + far * MOVES[event.key][0], here.y + far * MOVES[event.key][1]);
  } else if (event.key === "Enter" || event.key === " ") {
    point(panel, here.x, here.y);
    pin(panel, hover.x, hover.y);
  } else if ((event.key === "Delete" || event.key === "Backspace") && pins.length > 0) {
    unpin(pins.length - 1);
  } else if (event.key === "Escape") {
    hover = null;
    later();
  } else {
    return;
  }
  event.preventDefault();
}

function start() {
  window.dhf = {panels: panels, pins: pins, found: found, places: places, pin: pin, milliseconds: 0};
  data.pictures.forEach(addPanel);
  const head = document.createElement("tr");
  cell(head, "", "th");
  data.pictures.forEach(of => cell(head, of.name, "th"));
  cell(head, "", "th");
  element("points").tHead.append(head);
  data.maps.forEach((of, i) => element("maps").append(new Option(of.name, i)));
  element("maps-label").hidden = data.maps.length < 2;
  element("maps").onchange = event => {
    maps = Number(event.target.value);
    again();
  };
  element("sure").oninput = () => {
    element("sure-said").textContent = percent(limit());
    changed();
  };
  element("heat").onchange = later;
  element("colours").onchange = later;
  element("clear").onclick = () => {
    pins.length = 0;
    changed();
  };
  element("json").onclick = () => download(new Blob([asJson()], {type: "application/json"}), "points.json");
  element("png").onclick = () => picture().toBlob(blob => download(blob, "points.png"));
  window.addEventListener("resize", later);
  data.pinned.forEach(place => pin(panels[place[0]], place[1], place[2]));
  later();
}

start();
