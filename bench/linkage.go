package main

import "debug/elf"

// libraries lists the shared libraries that an ELF binary needs; a static one needs none.
func libraries(path string) ([]string, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ImportedLibraries()
}
