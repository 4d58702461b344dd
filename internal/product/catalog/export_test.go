package catalog

// Forget drops the kept searches, so that a measurement asks the database.
func (c *Catalog) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept.lookups = nil
}
