//! Qingchuang 清窗: the software of a whole government service hall in one program.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    qingchuang::cli::main()
}
