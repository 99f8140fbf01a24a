"""The lists of people and companies: order, columns, one page, and changes of many at once."""
