namespace KafkaMySql;

/// <summary>
/// Numbers that are unique over all nodes and roughly in time order: nanoseconds in steps of 4,096, then six bits of node number and six of
/// counter. It never goes back and never passes the limit the node's lease has stored, whatever the clock does.
/// </summary>
internal sealed class TraceIdSequence
{
    public const int Step = 4096;
    private const int PerBlock = 64;
    private readonly Lock _gate = new();
    private ulong _block;
    private int _counter;
    private int _node;

    /// <summary>The lowest number above everything given here.</summary>
    public ulong Highest
    {
        get
        {
            lock (_gate)
                return (_block + 1) * Step;
        }
    }

    /// <summary>A node number was leased; its former holder gave nothing above <paramref name="lastTraceId"/>.</summary>
    public void Lease(int node, ulong lastTraceId)
    {
        lock (_gate)
        {
            _node = node;
            var above = (lastTraceId / Step) + 1;
            if (above > _block)
            {
                _block = above;
                _counter = -1;
            }
        }
    }

    /// <summary>The next number; false when the lease's limit allows none.</summary>
    public bool TryNext(ulong nowNanoseconds, ulong limit, out ulong id)
    {
        lock (_gate)
        {
            // A clock that ran ahead of the lease is not believed until the lease has caught up.
            if (nowNanoseconds <= limit && nowNanoseconds / Step > _block)
            {
                _block = nowNanoseconds / Step;
                _counter = -1;
            }

            var (block, counter) = _counter + 1 < PerBlock ? (_block, _counter + 1) : (_block + 1, 0);
            id = (block * Step) + ((ulong)_node * PerBlock) + (ulong)counter;
            if (id > limit)
                return false;
            (_block, _counter) = (block, counter);
            return true;
        }
    }
}
