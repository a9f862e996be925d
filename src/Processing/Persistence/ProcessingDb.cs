using Microsoft.EntityFrameworkCore;

namespace Processing.Persistence;

/// <summary>The statistics.</summary>
internal sealed class ProcessingDb(DbContextOptions<ProcessingDb> options) : DbContext(options)
{
    public DbSet<TypeStatistics> Statistics => Set<TypeStatistics>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasCharSet("utf8mb4").UseCollation("utf8mb4_unicode_ci");
        modelBuilder.Entity<TypeStatistics>(type =>
        {
            type.ToTable("type_statistics");
            type.HasKey(row => row.TypeId);
            type.Property(row => row.TypeId).HasColumnName("type_id").ValueGeneratedNever();
            type.Property(row => row.Rev).HasColumnName("rev").IsConcurrencyToken();
            type.Property(row => row.Cursor).HasColumnName("after_cursor").HasColumnType("mediumtext");
            type.Property(row => row.Rows).HasColumnName("after_rows").HasColumnType("mediumtext");
            type.Property(row => row.TableRev).HasColumnName("table_rev");
            type.Property(row => row.Counted).HasColumnName("counted");
            type.Property(row => row.UpdatedAt).HasColumnName("updated_at").HasColumnType("datetime(6)");
            type.HasMany(row => row.Columns).WithOne().HasForeignKey(column => column.TypeId);
        });
        modelBuilder.Entity<ColumnStatistics>(column =>
        {
            column.ToTable("column_statistics");
            column.HasKey(row => new { row.TypeId, row.Name });
            column.Property(row => row.TypeId).HasColumnName("type_id");
            column.Property(row => row.Name).HasColumnName("name").HasColumnType("varchar(64)");
            // A sum of more events than fit a disk, of amounts as large as a column holds; and the fractions that a DOUBLE has.
            column.Property(row => row.Total).HasColumnName("total").HasColumnType("decimal(40,12)");
            column.Property(row => row.Maximum).HasColumnName("maximum").HasColumnType("decimal(40,12)");
        });
    }
}
