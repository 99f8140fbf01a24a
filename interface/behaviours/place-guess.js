// On a form with time_zone, currency and country: chooses what this browser's clock suggests, as long as nobody chose.
export default function placeGuess(form, signal) {
  const { time_zone: zones, currency, country } = form.elements;
  const touched = new Set();
  const follow = () => {
    const found = zones.selectedOptions[0]?.dataset ?? {};
    if (found.currency && !touched.has(currency)) currency.value = found.currency;
    if (found.country && country && !touched.has(country)) country.value = found.country;
  };
  form.addEventListener("change", (event) => {
    touched.add(event.target);
    if (event.target === zones) follow();
  }, { signal });
  if (form.hasAttribute("data-chosen")) return;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const option = [...zones.options].find((one) => one.value === here);
  if (!option) return;
  zones.value = here;
  follow();
}
