// What the server should not be asked for: keys, the choice of colours, the clock, reading values off charts.
(() => {
    'use strict';
    const root = document.documentElement;

    // ---- dark and light
    function applyTheme(theme) {
        root.dataset.theme = theme;
        const dark = document.querySelector('link[data-sheet=dark]');
        const light = document.querySelector('link[data-sheet=light]');
        dark.media = theme === 'dark' ? 'all' : theme === 'light' ? 'not all' : '(prefers-color-scheme: dark)';
        light.media = theme === 'light' ? 'all' : theme === 'dark' ? 'not all' : 'not all and (prefers-color-scheme: dark)';
    }
    function toggleTheme() {
        const isDark = root.dataset.theme === 'dark' || (root.dataset.theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
        const theme = isDark ? 'light' : 'dark';
        document.cookie = `sentinel-theme=${theme}; path=/; max-age=31536000; samesite=strict`;
        applyTheme(theme);
    }

    // ---- the clock
    setInterval(() => {
        const clock = document.querySelector('[data-clock]');
        if (!clock) return;
        const text = new Date(Date.now()).toISOString().slice(11, 19);
        if (clock.textContent !== text) clock.firstChild ? clock.firstChild.nodeValue = text : clock.textContent = text;
    }, 500);

    // ---- clicks on what has no circuit
    document.addEventListener('click', event => {
        if (event.target.closest('[data-theme-button]')) toggleTheme();
        if (event.target.closest('[data-keys-button]')) document.querySelector('[data-keys]')?.showModal();
        if (event.target.closest('[data-reload]')) location.reload();
    });

    // ---- keys
    let prefix = 0;
    const isTyping = element => element && (element.closest('input, textarea, select, [contenteditable], .rz-dropdown') !== null);
    const isOpen = () => document.querySelector('.rz-dialog, dialog[open]') !== null;
    function rows() { return [...document.querySelectorAll('[data-row]')].filter(r => r.offsetParent !== null); }
    function move(by) {
        const all = rows();
        if (all.length === 0) return;
        const at = all.findIndex(r => r.contains(document.activeElement) || r === document.activeElement);
        const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
        next.focus();
        next.scrollIntoView({ block: 'nearest' });
    }
    document.addEventListener('keydown', event => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
        if (isTyping(event.target)) { if (event.key === 'Escape' && !isOpen()) event.target.blur(); return; }
        if (isOpen()) return;
        const key = event.key;
        if (Date.now() - prefix < 1500) {
            prefix = 0;
            const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
            if (link) { event.preventDefault(); link.click(); }
            return;
        }
        if (key === 'g') { prefix = Date.now(); return; }
        if (key === '?') { document.querySelector('[data-keys]')?.showModal(); return; }
        if (key === '/') { const filter = document.querySelector('[data-filter]'); if (filter) { event.preventDefault(); filter.focus(); filter.select?.(); } return; }
        if (key === 'j' || key === 'k') { event.preventDefault(); move(key === 'j' ? 1 : -1); return; }
        if (key === 'Enter' && event.target.matches?.('[data-row]')) { event.preventDefault(); event.target.querySelector('a[href]')?.click(); return; }
        const plot = event.target.closest?.('.plot');
        if (plot && (key === 'ArrowLeft' || key === 'ArrowRight')) { event.preventDefault(); step(plot, key === 'ArrowRight' ? 1 : -1); return; }
        const action = document.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);
        if (action) { event.preventDefault(); action.click(); }
    });
    document.addEventListener('dblclick', event => event.target.closest('[data-row]')?.querySelector('a[href]')?.click());

    // ---- reading values off a chart
    function show(plot, index, aloud) {
        const values = plot.dataset.chart.split(';');
        index = Math.max(0, Math.min(values.length - 2, index));
        plot.dataset.at = index;
        const [value, low, high] = values[index].split('|');
        const time = new Date((Number(plot.dataset.from) + index * Number(plot.dataset.slot)) * 1000).toISOString();
        const text = `${time.slice(5, 10)} ${time.slice(11, 16)}  ${value === '' ? 'not yet known' : value}${high === '' ? '' : `  usual ${low || 0} to ${high}`}`;
        const readout = plot.querySelector('.readout');
        const place = 100 * (index + .5) * Number(plot.dataset.slot) / Number(plot.dataset.span);
        readout.hidden = false;
        readout.textContent = text;
        readout.style.left = `${place}%`;
        readout.classList.toggle('right', place > 70);
        if (aloud) plot.closest('figure').querySelector('[data-readout]').textContent = text;
    }
    function step(plot, by) { show(plot, (plot.dataset.at ? Number(plot.dataset.at) : plot.dataset.chart.split(';').length - 2) + by, true); }
    document.addEventListener('pointermove', event => {
        const plot = event.target.closest?.('.plot');
        if (!plot) { document.querySelectorAll('.readout:not([hidden])').forEach(r => { if (!r.parentElement.matches(':focus')) r.hidden = true; }); return; }
        const box = plot.getBoundingClientRect();
        show(plot, Math.floor((event.clientX - box.left) / box.width * Number(plot.dataset.span) / Number(plot.dataset.slot)), false);
    });
    document.addEventListener('focusout', event => { const plot = event.target.closest?.('.plot'); if (plot) plot.querySelector('.readout').hidden = true; });
})();
