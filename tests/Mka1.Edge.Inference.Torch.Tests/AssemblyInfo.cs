// libtorch's tensors are counted for the whole process, and its threads are shared: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
