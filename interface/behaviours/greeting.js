// A ready greeting: the links to send it carry the words as they are typed, and how it was sent last is noted.
export default function greeting(form, signal) {
  const field = (name) => form.querySelector(`[name=${name}]`);

  const refresh = () => {
    for (const link of form.querySelectorAll("a[data-channel]")) {
      const { channel, to } = link.dataset;
      const words = channel === "email" ? { subject: field("subject").value, body: field("text").value } : { text: field("text").value };
      const query = Object.entries(words).map(([name, said]) => `${name}=${encodeURIComponent(said)}`);
      link.href = `${to}?${query.join("&")}`;
    }
  };

  form.addEventListener("input", refresh, { signal });
  form.addEventListener("click", (event) => {
    const used = event.target.closest("[data-channel]");
    if (used) field("channel").value = used.dataset.channel;
  }, { signal });
  refresh();
}
