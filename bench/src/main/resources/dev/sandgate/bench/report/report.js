'use strict';

// Draws the plots of the page's data. Text of others gets into the page only as text.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const HEIGHT = 280;
  const LANE = 16;
  const MOST_NAMED = 4;
  const FONT = '12px system-ui, sans-serif';
  const FIRST_DASHED = 4;
  const LONGEST = 24;
  const marks = data.faults
    .map(({ at, what }, i) => ({ at, number: i + 1, name: what.length > LONGEST ? what.slice(0, LONGEST) + '…' : what }))
    .sort((a, b) => b.at - a.at);
  const named = marks.length <= MOST_NAMED;
  const lanes = named ? marks.length : 1;
  const draughts = [];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const dots = (u) => u.ctx.canvas.width / u.width;
  const number = (value) => Number(value.toPrecision(4)).toLocaleString('en');
  const clock = (seconds) => {
    const whole = Math.abs(Math.round(seconds));
    return (seconds < 0 ? '-' : '') + Math.floor(whole / 60) + ':' + String(whole % 60).padStart(2, '0');
  };
  const percentile = (nines) => {
    const digits = Math.max(0, Math.ceil(nines) - 2);
    return Number((100 - 100 * 10 ** -nines).toFixed(digits + (Number.isInteger(nines) ? 0 : 2))) + ' %';
  };

  // Shades from one second to another, over the plot's whole height.
  function shade(u, from, to, fill) {
    const left = Math.max(u.valToPos(from, 'x', true), u.bbox.left);
    const right = Math.min(u.valToPos(to, 'x', true), u.bbox.left + u.bbox.width);
    if (right > left) {
      u.ctx.fillStyle = fill;
      u.ctx.fillRect(left, u.bbox.top, Math.max(right - left, 2 * dots(u)), u.bbox.height);
    }
  }

  function background(u) {
    shade(u, u.data[0][0], 0, colour('--warm-up'));
    for (const stall of data.stalls) {
      shade(u, stall.at / 1000, (stall.at + stall.lasted) / 1000, colour('--stall'));
    }
  }

  // Few faults have their names above the plot, each in a lane of its own: the leftmost highest, so that no line crosses
  // a label. Many have their numbers, where there is room.
  function faults(u) {
    const { ctx, bbox } = u;
    const scale = dots(u);
    ctx.save();
    ctx.font = `${12 * scale}px system-ui, sans-serif`;
    ctx.textBaseline = 'bottom';
    ctx.textAlign = 'left';
    ctx.strokeStyle = ctx.fillStyle = colour('--mark');
    ctx.lineWidth = scale;
    ctx.setLineDash([4 * scale, 3 * scale]);
    let start = ctx.canvas.width;
    let lane = 0;
    for (const fault of marks) {
      const x = u.valToPos(fault.at / 1000, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) {
        continue;
      }
      const top = bbox.top - (named ? lane++ : 0) * LANE * scale;
      const fits = (text) => x + ctx.measureText(text).width + 4 * scale <= (named ? ctx.canvas.width : start);
      const text = [named ? `${fault.number} ${fault.name}` : '', `${fault.number}`].find((one) => one && fits(one));
      if (text) {
        ctx.fillText(text, x, top - 3 * scale);
        start = x;
      }
      ctx.beginPath();
      ctx.moveTo(x, top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  function axes(plot, logarithmic) {
    const look = { stroke: () => colour('--quiet'), font: FONT, labelFont: FONT, labelSize: 20, labelGap: 0 };
    const lines = { grid: { stroke: () => colour('--grid'), width: 1 }, ticks: { stroke: () => colour('--grid'), width: 1 } };
    const across = plot.axis === 'TIME'
      ? { values: (u, splits) => splits.map(clock), label: 'minutes:seconds from the start of what is measured', size: 30,
          incrs: [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200] }
      : { values: (u, splits) => splits.map(percentile), label: 'of the requests were as fast or faster', size: 30,
          splits: (u, axis, min, max) => [Math.log10(2), 1, 2, 3, 4, 5, 6, 7].filter((nines) => nines <= max) };
    const up = {
      label: plot.unit,
      values: (u, splits) => splits.map((value) => value === null ? '' : number(value)),
      size: (u, values) => 22 + 7 * Math.max(1, ...(values || []).map((text) => text.length)),
    };
    if (!logarithmic) {
      up.space = 36;
    }
    if (plot.unit === 'sessions') {
      up.incrs = [1, 2, 5].flatMap((first) => [0, 1, 2, 3, 4, 5].map((zeros) => first * 10 ** zeros)).sort((a, b) => a - b);
    }
    return [{ ...look, ...lines, ...across }, { ...look, ...lines, ...up }];
  }

  function options(plot, width, logarithmic) {
    const time = plot.axis === 'TIME';
    return {
      width,
      height: HEIGHT + (time ? lanes * LANE : 0),
      padding: [time ? lanes * LANE + 10 : 10, 16, 0, 0],
      scales: {
        x: { time: false, range: (u, min, max) => (min === max ? [min - 1, max + 1] : [min, max]) },
        y: logarithmic
          ? { distr: 3 }
          : { range: (u, min, max) => [0, max > 0 ? max * 1.05 : 1] },
      },
      axes: axes(plot, logarithmic),
      series: [
        { label: time ? 'at' : 'percentile', value: (u, x) => (x === null ? '' : time ? clock(x) : percentile(x)) },
        ...plot.series.map((series, i) => ({
          label: series.label,
          stroke: () => colour(`--line-${i % 7 + 1}`),
          width: 1.5,
          dash: i >= FIRST_DASHED ? [6, 3] : undefined,
          spanGaps: !time,
          points: { show: plot.x.length < 2 },
          value: (u, y) => (y === null || y === undefined ? '' : `${number(y)} ${plot.unit}`),
        })),
      ],
      cursor: time ? { sync: { key: 'time', setSeries: false } } : {},
      hooks: time ? { drawClear: [background], draw: [faults] } : {},
    };
  }

  function element(name, text, style) {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = style || '';
    return made;
  }

  function place(plot, home) {
    const figure = document.createElement('figure');
    const caption = document.createElement('figcaption');
    const scale = document.createElement('input');
    scale.type = 'checkbox';
    caption.append(element('b', plot.title), element('span', plot.note, 'quiet'));
    if (plot.logarithmic) {
      const label = element('label', '');
      label.append(scale, ' logarithmic');
      caption.append(label);
    }
    figure.append(caption);
    home.append(figure);
    let drawn = null;
    const draw = () => {
      if (drawn) {
        drawn.destroy();
      }
      drawn = new uPlot(options(plot, figure.clientWidth, scale.checked),
        [plot.x, ...plot.series.map((series) => series.values)], figure);
    };
    draw();
    draughts.push(draw);
    scale.addEventListener('change', draw);
    new ResizeObserver(() => {
      if (figure.clientWidth !== drawn.width) {
        drawn.setSize({ width: figure.clientWidth, height: drawn.height });
      }
    }).observe(figure);
  }

  const home = document.getElementById('plots');
  data.plots.forEach((plot) => place(plot, home));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draughts.forEach((draw) => draw()));
})();
