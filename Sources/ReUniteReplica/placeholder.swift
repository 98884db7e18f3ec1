enum ReUniteReplicaPlaceholder {}
