"""The charts page. Only this package imports pyqtgraph; import it when the page is first shown."""
