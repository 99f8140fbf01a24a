"""Pages of access: notifications, settings of a colleague and of the business, joining, the audit log."""
