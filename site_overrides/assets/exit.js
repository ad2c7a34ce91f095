// "Exit this page". Without this script the button is still a link.
(d => {
  const link = d.querySelector('.exit-button'), status = d.querySelector('.exit [role=status]');
  let count = 0, mixed, timer;
  const leave = e => {
    e && e.preventDefault();
    d.title = 'Loading';
    d.body.replaceChildren();
    location.replace(link.href);
  };
  const say = words => { status.textContent = words };
  const reset = words => { clearTimeout(timer); count = 0; say(words || '') };
  const exits = d.querySelectorAll(`[href="${link.href}"]`);
  for (const e of exits) e.onclick = leave;
  if (d.body.dataset.exit != 'link') {
    d.onkeydown = e => { if (e.key != 'Shift') { mixed = e.shiftKey; count && reset() } };
    d.onpointerdown = e => { mixed = e.shiftKey };
    d.onkeyup = e => {
      if (e.key != 'Shift') return;
      if (mixed) return mixed = false;
      if (d.activeElement.matches('textarea,input:not([type=radio],[type=checkbox])')) return;
      if (++count > 2) return leave();
      clearTimeout(timer);
      timer = setTimeout(reset, 5e3, 'Exit this page expired.');
      say(`Press Shift ${count > 1 ? '1 more time' : '2 more times'} to exit.`);
    };
  }
  // Someone comes back: a page that was emptied is loaded again, and a form is given back without what was typed.
  onpageshow = e => {
    if (!d.getElementById('main')) return location.reload();
    const form = d.querySelector('form.referral');
    if (form && !e.persisted && performance.getEntriesByType('navigation')[0].type == 'back_forward') form.reset();
  };
})(document);
