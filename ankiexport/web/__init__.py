"""The room that touches the network: addresses in; pages in a folder, and the manifest that knows them, out."""
