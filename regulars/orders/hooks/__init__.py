"""Messages of web shops and tills: let in, understood, and made into orders.

| module | does |
|---|---|
| `kinds` | what a kind of shop is, and the list of them |
| `shopify`, `woocommerce`, `square`, `stripe`, `plain` | how each signs its messages and what they say |
| `reading` | picks texts, amounts and moments out of what somebody else wrote |
| `receiving` | lets a message in: checked on its raw bytes, stored before anything is made of it |
| `working` | works on what was stored, in the background, each message once |
| `settling` | puts together what several messages told about one order, whatever order they came in |

A new kind is a new module with a `KIND` and a line in `kinds`.
"""
