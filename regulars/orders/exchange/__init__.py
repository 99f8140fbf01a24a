"""What foreign money was worth: rates from the European Central Bank's file or typed by hand, orders that wait for one."""
