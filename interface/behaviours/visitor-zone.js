// On a form with a choice of time zones: offers the zone of this device when times are shown in another one.
export default function visitorZone(form, signal) {
  const zones = form.elements.zone;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const option = [...zones.options].find((one) => one.value === here);
  if (!option || zones.value === here) return;
  form.querySelector("[data-name]").textContent = option.textContent;
  form.querySelector("[data-offer]").hidden = false;
  form.querySelector("[data-here]").addEventListener("click", () => {
    zones.value = here;
    form.requestSubmit();
  }, { signal });
}
