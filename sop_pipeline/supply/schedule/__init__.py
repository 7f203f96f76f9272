"""The chosen plan taken down to products: shares, loads by site, materials to order."""
