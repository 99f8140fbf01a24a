"""Files of contacts, read and written: no models here, only bytes on one side and `Draft` on the other."""
