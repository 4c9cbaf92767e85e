// The look of the chat. Every colour is a custom property that a page may set on the element.

const DARK = `
  --bg: var(--myelin-background, #10181a); --surface: var(--myelin-surface, #1a2527); --text: var(--myelin-text, #eef3f1);
  --muted: var(--myelin-muted, #abbab6); --line: var(--myelin-line, #2c3b3d); --edge: var(--myelin-edge, #83938f);
  --accent: var(--myelin-accent, #82d2c6); --on-accent: var(--myelin-on-accent, #06282a); --soft: var(--myelin-soft, #17383a);
  --warm: var(--myelin-warm, #33280f); --warm-edge: var(--myelin-warm-edge, #f0b456); --danger: var(--myelin-danger, #ffb3ae);
  --said: var(--myelin-said, #1c5f61); --danger-soft: var(--myelin-danger-soft, #47171a);
  --calm-edge: var(--myelin-calm-edge, #7fd09b); --focus-ink: var(--myelin-focus-ink, #10181a); --skin: var(--myelin-skin, #3a342d);
  --shadow: none; color-scheme: dark;
`;

export const sheet = new CSSStyleSheet();

sheet.replaceSync(`
:host {
  --bg: var(--myelin-background, #faf6f0);
  --surface: var(--myelin-surface, #fff);
  --text: var(--myelin-text, #1e2b2d);
  --muted: var(--myelin-muted, #52605f);
  --line: var(--myelin-line, #e2dacd);
  --edge: var(--myelin-edge, #74807d);
  --accent: var(--myelin-accent, #0b5a5e);
  --on-accent: var(--myelin-on-accent, #fff);
  --soft: var(--myelin-soft, #e3f0ed);
  --warm: var(--myelin-warm, #fdf0d9);
  --warm-edge: var(--myelin-warm-edge, #a35c00);
  --said: var(--myelin-said, #0b5a5e);
  --on-said: var(--myelin-on-said, #fff);
  --alarm: var(--myelin-alarm, #a4161a);
  --danger: var(--myelin-danger, #a4161a);
  --danger-soft: var(--myelin-danger-soft, #fdeceb);
  --calm-edge: var(--myelin-calm-edge, #2d7a46);
  --focus: var(--myelin-focus, #ffb81c);
  --focus-ink: var(--myelin-focus-ink, #1e2b2d);
  --skin: var(--myelin-skin, #f1e4d6);
  --radius: var(--myelin-radius, 1.125rem);
  --shadow: 0 .125rem .5rem rgb(30 43 45 / .07);
  color-scheme: light;
  display: block;
  font: var(--myelin-font, 400 1.0625rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
  color: var(--text);
}
@media (prefers-color-scheme: dark) { :host(:not([theme=light])) { ${DARK} } }
:host([theme=dark]) { ${DARK} }
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
h2, h3, h4, h5, p, ul, ol, table { margin: 0; padding: 0; }
button, textarea { font: inherit; color: inherit; }
svg { fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; inline-size: 1.4em; block-size: 1.4em; flex: none; }
a { color: var(--accent); text-underline-offset: .15em; overflow-wrap: anywhere; }
:focus-visible { outline: .1875rem solid var(--focus); outline-offset: 0; box-shadow: 0 0 0 .3125rem var(--focus-ink); }

.panel { container-type: inline-size; display: flex; flex-direction: column; block-size: var(--myelin-height, min(46rem, 100dvh)); min-block-size: 20rem; background: var(--bg); border: 1px solid var(--line); border-radius: var(--radius); overflow: clip; position: relative; }
:host(:not([inline])) .panel { position: fixed; inset: auto 1rem 1rem auto; inline-size: min(27rem, 100vw - 2rem); block-size: min(46rem, 100dvh - 2rem); z-index: 9999; box-shadow: 0 .5rem 2.5rem rgb(0 0 0 / .25); }
@media (max-width: 30rem) { :host(:not([inline])) .panel { inset: 0; inline-size: auto; block-size: auto; border: 0; border-radius: 0; } }
.launcher { position: fixed; inset: auto 1rem 1rem auto; z-index: 9999; display: flex; align-items: center; gap: .6rem; min-block-size: 3.25rem; padding: .5rem 1.25rem; border: 0; border-radius: 2rem; background: var(--accent); color: var(--on-accent); font-weight: 600; box-shadow: 0 .25rem 1rem rgb(0 0 0 / .25); cursor: pointer; }

header { display: flex; align-items: center; gap: .75rem; padding: .5rem .5rem .5rem 1rem; background: var(--surface); border-block-end: 1px solid var(--line); z-index: 2; }
.logo { display: grid; place-items: center; flex: none; inline-size: 2.5rem; block-size: 2.5rem; border-radius: 50%; background: var(--accent); color: var(--on-accent); }
.title { flex: 1; min-inline-size: 0; line-height: 1.25; }
.title h2 { font-size: 1.125rem; font-weight: 650; }
.title p { color: var(--muted); font-size: .875rem; }
.icon { display: grid; place-items: center; inline-size: 2.75rem; block-size: 2.75rem; border: 0; border-radius: .75rem; background: none; cursor: pointer; }
.icon:hover { background: var(--soft); }
.menu-holder { position: relative; }
.menu { position: absolute; inset: calc(100% + .375rem) 0 auto auto; inline-size: max-content; max-inline-size: min(18rem, 80vw); padding: .375rem; background: var(--surface); border: 1px solid var(--edge); border-radius: .875rem; box-shadow: 0 .5rem 1.5rem rgb(0 0 0 / .18); }
.menu button { display: block; inline-size: 100%; min-block-size: 2.75rem; padding: .5rem .875rem; border: 0; border-radius: .5rem; background: none; text-align: start; cursor: pointer; }
.menu button:hover { background: var(--soft); }
.menu .danger { color: var(--danger); }

.banner:not(:empty) { display: grid; gap: .5rem; padding: .875rem 1rem; background: var(--alarm); color: #fff; max-block-size: min(50%, 22rem); overflow-y: auto; flex: none; }
.banner-title { font-size: 1.1875rem; font-weight: 700; line-height: 1.25; }
.banner .chip { border-color: #fff; background: transparent; color: #fff; padding-inline: .875rem; }
.banner .call { background: #fff; color: #8c1014; font-weight: 700; }
.notice:not(:empty) { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding: .5rem 1rem; background: var(--warm); border-block-end: 1px solid var(--warm-edge); font-size: .9375rem; }
.notice p { flex: 1 1 12rem; }

.middle { flex: 1; min-block-size: 0; position: relative; display: flex; }
.log { flex: 1; min-inline-size: 0; overflow-y: auto; overscroll-behavior: contain; --gap: 1rem; padding: var(--gap); scroll-padding: .75rem .75rem 4.5rem; position: relative; }
.items { list-style: none; display: grid; gap: .5rem; max-inline-size: 46rem; margin-inline: auto; }
.items > li { min-inline-size: 0; border-radius: var(--radius); position: relative; }
.person { justify-self: end; max-inline-size: min(85%, 34rem); margin-block: .75rem .5rem; }
.person .bubble { background: var(--said); color: var(--on-said); border-color: var(--said); border-end-end-radius: .25rem; white-space: pre-wrap; }
.waiting { color: var(--muted); font-size: .875rem; text-align: end; padding-block-start: .125rem; }
.assistant { padding-inline-start: 3rem; }
.assistant > .logo { position: absolute; inset: .125rem auto auto 0; inline-size: 2.25rem; block-size: 2.25rem; }
.assistant > .logo svg { inline-size: 1.25rem; }
.bubble { inline-size: fit-content; max-inline-size: min(100%, 36rem); padding: .6875rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); overflow-wrap: anywhere; }
.first > .bubble { border-start-start-radius: .25rem; }
.bubble.wide { max-inline-size: 100%; }
.bubble p + p, .bubble ul + p, .bubble p + ul { margin-block-start: .5rem; }
.bubble ul { padding-inline-start: 1.25rem; list-style: disc; }
.bubble img { display: block; max-inline-size: 100%; border-radius: .5rem; margin-block-start: .5rem; }
.label { font-weight: 700; }
.understood { background: var(--soft); border-color: var(--soft); box-shadow: none; }
.urgent, .soon, .calm { border-inline-start: .375rem solid var(--calm-edge); border-start-start-radius: .375rem; border-end-start-radius: .375rem; }
.soon { border-inline-start-color: var(--warm-edge); background: var(--warm); }
.urgent { border-inline-start-color: var(--danger); background: var(--danger-soft); }

.possibility { inline-size: 100%; }
.possibility h3 { font-size: 1.125rem; font-weight: 650; line-height: 1.3; }
.fit { display: flex; align-items: center; gap: .5rem; color: var(--muted); font-weight: 600; }
.meter { display: inline-flex; gap: .1875rem; }
.meter i { inline-size: 1.125rem; block-size: .5rem; border-radius: .25rem; border: 1.5px solid var(--accent); }
.level-1 i:nth-child(-n+1), .level-2 i:nth-child(-n+2), .level-3 i { background: var(--accent); }
.reasons { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: .5rem 1.25rem; margin-block-start: .625rem; padding-block-start: .625rem; border-block-start: 1px solid var(--line); }
.reasons h4 { font-size: .9375rem; font-weight: 650; }
.for h4 { color: var(--calm-edge); } .against h4 { color: var(--warm-edge); }
.reasons ul { list-style: none; padding: 0; }
.reasons li { padding-inline-start: 1.5rem; position: relative; }
.reasons li::before { position: absolute; inset-inline-start: 0; font-weight: 700; }
.for li::before { content: "+" / ""; color: var(--calm-edge); } .against li::before { content: "\\2212" / ""; color: var(--warm-edge); }

table { border-collapse: collapse; inline-size: 100%; overflow-wrap: break-word; margin-block: .75rem .25rem; font-size: .9375rem; }
caption { text-align: start; font-weight: 650; padding-block-end: .5rem; }
th, td { padding: .5rem .625rem; text-align: start; vertical-align: top; border-block-start: 1px solid var(--line); }
thead th { font-weight: 650; background: var(--soft); border: 0; }
thead th:first-child, .corner { border-start-start-radius: .5rem; }
.corner { background: var(--soft); border: 0; }
tbody th { font-weight: 650; }
.bubble:has(.drawing) { inline-size: min(100%, 30rem); }
.drawing { border-radius: .5rem; overflow: clip; }
.drawing svg { display: block; inline-size: 100%; block-size: auto; stroke: none; stroke-width: 0; font-family: system-ui, sans-serif; }
@container (max-width: 34rem) {
  table, caption, tbody, tr, tbody th, tbody td { display: block; }
  thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { padding-block: .625rem; border-block-start: 1px solid var(--line); }
  tbody th, tbody td { border: 0; padding: .125rem 0; }
  tbody td { padding-block-start: .375rem; }
  td[data-column]::before { content: attr(data-column) / ""; display: block; color: var(--muted); font-size: .8125rem; font-weight: 600; }
  .assistant, .typing { padding-inline-start: 0; }
  .assistant > .logo { display: none; }
  .log { --gap: .75rem; }
  .title p { font-size: .8125rem; }
  .drawing { margin-inline: -.625rem; }
  .banner-title, .banner .chips { order: -1; }
  .banner svg { display: none; }
  .banner:not(:empty) { font-size: 1rem; padding: .625rem .75rem; }
}
@container (max-width: 22rem) {
  .banner .chips { display: grid; grid-template-columns: 1fr 1fr; }
  .banner .chip { padding-inline: .5rem; font-size: .9375rem; text-align: center; }
}
details { margin-block-start: .5rem; font-size: .9375rem; }
summary { min-block-size: 2.75rem; align-content: center; cursor: pointer; color: var(--accent); font-weight: 600; }
.sources li + li { margin-block-start: .375rem; }
.paper { max-block-size: 24rem; overflow-y: auto; margin: -.25rem; padding: .25rem; }
.paper h3 { font-size: 1.125rem; } .paper h4 { font-size: 1rem; margin-block-start: .875rem; }
.paper hr { border: 0; border-block-start: 1px solid var(--line); margin-block: .75rem; }
.print { position: absolute; inline-size: 1px; block-size: 1px; border: 0; opacity: 0; }
.summary .chips { margin-block-start: .75rem; padding-block-start: .75rem; border-block-start: 1px solid var(--line); }

.controls { display: grid; grid-template-columns: minmax(0, 1fr); gap: .625rem; margin-block: .625rem .25rem; }
.chips, .steer { display: flex; flex-wrap: wrap; gap: .5rem; }
.chip { display: inline-flex; align-items: center; justify-content: center; gap: .5rem; min-block-size: 2.75rem; min-inline-size: 2.75rem; padding: .4375rem 1.125rem; border: 1.5px solid var(--accent); border-radius: 1.5rem; background: var(--surface); color: var(--accent); font: inherit; font-weight: 600; line-height: 1.3; text-align: start; text-decoration: none; cursor: pointer; }
.chip:hover { background: var(--soft); }
.chip.danger { border-color: var(--danger); color: var(--danger); }
.chip.done { pointer-events: auto; padding-inline: 1.75rem; background: var(--accent); color: var(--on-accent); box-shadow: 0 .125rem .625rem rgb(0 0 0 / .25); }
.banner .chip:hover { text-decoration: underline; }
.steer .chip { border-color: transparent; background: none; padding-inline: .625rem; font-weight: 500; text-decoration: underline; text-underline-offset: .2em; }
.steer .chip:hover { background: var(--soft); }
[aria-disabled=true] { cursor: default; }
.chip[aria-disabled=true] { border-color: var(--line); background: none; color: var(--muted); font-weight: 500; }
.chip.chosen[aria-disabled=true] { border-color: var(--accent); background: var(--soft); color: var(--text); font-weight: 600; }
.chip.chosen::before { content: "\\2713" / ""; }
.controls[data-settled] :is(.steer, .progress, .map-caption, .ends) { display: none; }
.steer:has(.chosen) { display: flex !important; }
.steer:has(.chosen) .chip:not(.chosen) { display: none; }
.chip.chosen { text-decoration: none; }
.progress { display: flex; align-items: center; gap: .625rem; color: var(--muted); font-size: .875rem; }
.bar { flex: none; inline-size: 5rem; block-size: .375rem; border-radius: .25rem; background: var(--line); overflow: hidden; }
.bar span { display: block; block-size: 100%; background: var(--accent); }
.steps { display: grid; grid-template-columns: repeat(11, minmax(2.75rem, 1fr)); gap: .375rem; max-inline-size: 36rem; }
.steps .chip { padding: 0; border-radius: .75rem; }
@container (max-width: 40rem) { .steps { grid-template-columns: repeat(auto-fill, minmax(2.75rem, 1fr)); gap: .375rem .125rem; } }
.ends { display: flex; justify-content: space-between; gap: 1rem; max-inline-size: 36rem; color: var(--muted); font-size: .875rem; padding-block-start: .25rem; }

.choice { display: grid; gap: .75rem; max-inline-size: 36rem; }
.boxes { display: grid; align-content: start; overflow: clip; border: 1.5px solid var(--edge); border-radius: .875rem; background: var(--surface); }
.box { display: flex; align-items: center; gap: .75rem; min-block-size: 2.75rem; padding: .375rem .875rem; line-height: 1.3; cursor: pointer; }
.box + .box { border-block-start: 1px solid var(--line); }
.box:hover { background: var(--soft); }
.box:has(:checked) { background: var(--soft); font-weight: 600; }
.finish { display: grid; gap: .375rem; position: sticky; inset-block-end: calc(-1 * var(--gap)); z-index: 1; padding-block: .5rem; justify-items: end; pointer-events: none; }
[data-settled] .finish:not(:focus-within), [data-settled] .unfold { display: none; }
.finish:has(> .problem:empty) { row-gap: 0; }
.unfold { justify-self: start; }
.box input { inline-size: 1.375rem; block-size: 1.375rem; margin: 0; accent-color: var(--accent); flex: none; }
[data-settled] .box:not(:has(:checked), :focus-within) { display: none; }
[data-settled] .done:not(:focus) { display: none; }
[data-settled] .map svg { block-size: 9rem; }
[data-settled] .boxes { border-color: var(--line); }
[data-settled] .boxes:not(:has(:checked, :focus-visible)) { border-color: transparent; background: none; }
[data-settled] .box { cursor: default; color: var(--muted); }
[data-settled] .box:has(:checked) { color: var(--text); }
.problem:not(:empty) { padding: .25rem .75rem; border-radius: .5rem; background: var(--danger-soft); color: var(--danger); font-weight: 600; }
.with-map { grid-template-columns: minmax(0, 1fr); }
.map { display: grid; grid-template-columns: 1fr 1fr; gap: .25rem .5rem; padding: .75rem; align-self: start; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); }
.map-side { display: grid; justify-items: center; gap: .25rem; }
.map svg { inline-size: auto; block-size: 19rem; max-inline-size: 100%; stroke-width: 1.5; }
.map-view { color: var(--muted); font-size: .875rem; }
.map-caption { grid-column: 1 / -1; text-align: center; font-size: .9375rem; min-block-size: 1.5em; color: var(--muted); }
.skin { fill: var(--skin); stroke: none; }
.edge { stroke: var(--edge); stroke-width: 1.5; pointer-events: none; }
.place { fill: transparent; stroke: var(--surface); stroke-width: 2; cursor: pointer; outline: none; }
.reach { stroke: none; fill: transparent !important; pointer-events: all; }
.map path { vector-effect: non-scaling-stroke; }
.place:hover:not([aria-checked=true]) { fill: color-mix(in srgb, var(--accent) 28%, transparent); }
.place[aria-checked=true] { fill: var(--accent); }
.place:focus-visible { stroke: var(--text); stroke-width: 7; box-shadow: none; }
.place[aria-checked=true]:focus-visible { stroke: var(--focus); }
[data-settled] .place { pointer-events: none; }
@container (min-width: 44rem) {
  .with-map { grid-template-columns: 19rem minmax(0, 1fr); max-inline-size: none; column-gap: 1rem; }
  .with-map .map { grid-row: 1 / span 4; }
  .unfold { display: none; }
}

@container (max-width: 43.99rem) { .folded .mapped { display: none; } }

.typing { max-inline-size: 46rem; margin: .5rem auto .25rem; padding-inline-start: 3rem; }
.typing span { display: flex; gap: .3125rem; inline-size: fit-content; padding: .8125rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); }
.typing i { inline-size: .5rem; block-size: .5rem; border-radius: 50%; background: var(--muted); animation: breathe 1.4s infinite ease-in-out; }
.typing i:nth-child(2) { animation-delay: .2s; } .typing i:nth-child(3) { animation-delay: .4s; }
@keyframes breathe { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }
.newer { position: absolute; inset: auto auto .75rem 50%; translate: -50% 0; display: flex; align-items: center; gap: .5rem; min-block-size: 2.75rem; padding: .375rem 1.125rem; border: 0; border-radius: 1.5rem; background: var(--accent); color: var(--on-accent); font-weight: 600; box-shadow: 0 .25rem 1rem rgb(0 0 0 / .25); cursor: pointer; }
.welcome { display: grid; gap: .75rem; max-inline-size: 36rem; margin: 4cqi auto 0; text-align: start; }
.welcome h3 { font-size: 1.5rem; line-height: 1.25; font-weight: 650; text-wrap: balance; }
.welcome .safety { padding: .625rem 1rem; border-inline-start: .375rem solid var(--warm-edge); background: var(--warm); border-radius: .375rem; }

.composer { padding: .625rem .75rem .5rem; background: var(--surface); border-block-start: 1px solid var(--line); }
.field { display: flex; align-items: end; gap: .375rem; max-inline-size: 46rem; margin-inline: auto; padding: .25rem; border: 1.5px solid var(--edge); border-radius: 1.625rem; background: var(--bg); }
.field:focus-within { border-color: var(--accent); box-shadow: 0 0 0 .1875rem var(--focus); }
textarea { flex: 1; min-inline-size: 0; max-block-size: 9rem; min-block-size: 2.75rem; padding: .5625rem .875rem; border: 0; background: none; resize: none; overflow-y: auto; }
textarea:focus-visible { outline: none; box-shadow: none; }
::placeholder { color: var(--muted); opacity: 1; }
.send { display: grid; place-items: center; flex: none; inline-size: 2.75rem; block-size: 2.75rem; border: 0; border-radius: 50%; background: var(--accent); color: var(--on-accent); cursor: pointer; }
.footnote { text-align: center; color: var(--muted); font-size: .8125rem; padding-block-start: .375rem; }

dialog { max-inline-size: min(26rem, 90vw); padding: 1.5rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: var(--text); }
dialog::backdrop { background: rgb(10 20 22 / .55); }
dialog h3 { font-size: 1.25rem; margin-block-end: .5rem; }
dialog .chips { margin-block-start: 1.25rem; }

@media (prefers-reduced-motion: no-preference) { .assistant, .person { animation: rise .25s ease-out; } @keyframes rise { from { opacity: 0; translate: 0 .375rem; } } }
@media (prefers-reduced-motion: reduce) { .typing i { animation: none; opacity: .7; } }
@media (max-height: 30rem) { .footnote, .title p { display: none; } .panel { min-block-size: 0; } .composer { padding-block: .25rem; } }
@media (forced-colors: active) { .chip.chosen { border: 3px solid Highlight; } .place[aria-checked=true] { fill: Highlight; } .meter i { border-color: CanvasText; } :is(.level-1 i:nth-child(-n+1), .level-2 i:nth-child(-n+2), .level-3 i) { background: CanvasText; forced-color-adjust: none; } }
@media print { .composer, .newer, header { display: none; } .panel, .log { block-size: auto; overflow: visible; } }
`);
