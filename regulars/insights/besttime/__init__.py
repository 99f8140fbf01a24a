"""When and how people are best reached: counted at night, said on their page, in their Brief and where we win back."""
